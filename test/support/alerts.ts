/** An alert as posted to `/api/v2/alerts`. */
export interface PostableAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
  generatorURL?: string;
}

const SEVERITIES = ['critical', 'warning', 'info'];
const TEAMS = ['platform', 'payments', 'search', 'storage', 'frontend'];

/** The n-th of endlessly many different alerts as a Kubernetes cluster sends them: 8 labels, 3 annotations, 800 bytes. */
export function realisticAlert(n: number, times: { startsAtMs: number; endsAtMs: number }): PostableAlert {
  const kind = n % 200;
  const cluster = `eu-central-${1 + (Math.floor(n / 200) % 5)}`;
  const pod = `checkout-api-7d9f8b6c5d-${n.toString(36).padStart(5, '0')}`;
  const address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}:9100`;
  return {
    labels: {
      alertname: `KubePodNotReadyForTooLong${kind}`,
      cluster,
      namespace: `payments-${TEAMS[n % TEAMS.length] ?? ''}`,
      pod,
      instance: address,
      job: 'kube-state-metrics',
      severity: SEVERITIES[n % SEVERITIES.length] ?? '',
      team: TEAMS[n % TEAMS.length] ?? '',
    },
    annotations: {
      summary: `Pod ${pod} in cluster ${cluster} has been in a non-ready state for longer than 15 minutes`,
      description:
        `Pod ${pod} (${address}) has been in a non-ready state for longer than 15 minutes. ` +
        'Deployments that depend on it may serve errors; look at its events and at the nodes it was scheduled on.',
      runbook_url: `https://runbooks.example.org/kubernetes/kube-pod-not-ready-for-too-long-${kind}`,
    },
    startsAt: new Date(times.startsAtMs).toISOString(),
    endsAt: new Date(times.endsAtMs).toISOString(),
    generatorURL:
      'https://prometheus.example.org/graph?g0.expr=kube_pod_status_ready%7Bcondition%3D%22true%22%7D+%3D%3D+0',
  };
}

/** A small alert that fires from now on for ten minutes, unless told otherwise. */
export function anAlert(
  labels: Record<string, string>,
  times: { startsAtMs?: number; endsAtMs?: number } = {},
): PostableAlert {
  const { startsAtMs = Date.now() } = times;
  const { endsAtMs = startsAtMs + 600_000 } = times;
  return {
    labels,
    annotations: {},
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
  };
}

/** How long ago an end happened when its sender tells of it, ms: time for an evaluation, and for clocks that differ. */
const NOTICED_AFTER_MS = 100;

/**
 * The same alerts, ended just now.
 *
 * Not at this very moment: an end that lies in the future of the receiver's clock, if only by a millisecond, does not
 * shorten what it knows (Alertmanager merges that way), and nobody re-sends it here.
 */
export function ended(alerts: readonly PostableAlert[], endsAtMs = Date.now() - NOTICED_AFTER_MS): PostableAlert[] {
  return alerts.map((alert) => ({ ...alert, endsAt: new Date(endsAtMs).toISOString() }));
}
