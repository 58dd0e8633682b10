import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { compareBytes } from '@tocsin/common/labels/label-set';
import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { alertmanagerVersion } from '../../metrics/alertmanager-version';

/** `alertmanagerStatus` of the API; fields in the order of its names, as Alertmanager sends them. */
export function statusView(status: {
  original: string;
  build: BuildInfo;
  startedAtMs: number;
  instances: InstanceRegistry | null;
}) {
  const { branch, buildDate, buildUser, runtime, revision, version } = status.build;
  return {
    cluster: clusterView(status.instances),
    config: { original: status.original },
    uptime: formatRfc3339Millis(status.startedAtMs),
    versionInfo: { branch, buildDate, buildUser, goVersion: runtime, revision, version: alertmanagerVersion(version) },
  };
}

/** Alone there is no cluster; with shared state every live notifier is a peer, and there is nothing to settle. */
function clusterView(instances: InstanceRegistry | null) {
  if (instances === null) return { peers: [], status: 'disabled' };
  const peers = instances.live().map(({ name, address }) => ({ address, name }));
  peers.sort((a, b) => compareBytes(a.name, b.name));
  return { name: instances.self.name, peers, status: 'ready' };
}
