import { type Log, reasonOf } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type NotificationLog } from '../pipeline/notification-log';
import { type RouteTree } from '../routing/route';
import { type Silence } from '../silences/silence';
import { type SilenceStore } from '../silences/silence-store';
import { type Timeline } from '../timeline/timeline-event';
import { type MovedInMarker } from './moved-in-marker';
import { planRecords, silencesToKeep } from './move-in-plan';
import { readNflogSnapshot } from './nflog-snapshot';
import { readSilenceSnapshot } from './silence-snapshot';
import { loadSnapshotFiles, type SnapshotFiles } from './snapshot-files.loader';

export interface MovingInOptions {
  /** Where the files of an Alertmanager may lie. Source: `--storage.path`. */
  readonly folder: string;
  readonly marker: MovedInMarker;
  /** Whether the installation has no state of its own yet. */
  readonly isUnused: () => boolean;
  readonly silences: SilenceStore;
  readonly records: NotificationLog;
  /** Of the running configuration. */
  readonly routes: RouteTree;
  readonly isIntegration: (key: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeline: Timeline;
}

/** What was taken over and what was not. */
interface MovingInReport {
  /** Written by us. */
  silences: number;
  notifications: number;
  /** Already there: another instance, or an interrupted start, wrote them. */
  known: number;
  /** Alertmanager would have forgotten them. */
  expired: number;
  /** Notifications of groups or integrations that the configuration does not have. */
  unmapped: number;
  readonly faults: string[];
}

/** Silences in one write. */
const MAX_WRITES = 64;

/** Alertmanager does not count what it loads against its limits either. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Faults and unmapped notifications that are logged one by one. */
const MAX_LINES = 10;

/**
 * Takes over the silences and the notification log of the Alertmanager that used this folder before, once.
 *
 * To be run when the state is restored and before anything is flushed: from then on nothing that Alertmanager told is
 * told again. What cannot be read is reported and left out.
 */
export class MovingInService {
  constructor(private readonly options: MovingInOptions) {}

  /** Never throws: without the old state we can do our work as well. */
  async run(): Promise<void> {
    const { marker, folder, log } = this.options;
    try {
      const moved = await marker.read();
      if (moved === 'done') return;
      const files = await loadSnapshotFiles(folder);
      if (files.silences === null && files.nflog === null && files.faults.length === 0) return;
      if (moved === 'no' && !this.options.isUnused()) {
        log.info('Left the files of an Alertmanager alone: there is state already', { folder });
      } else {
        await marker.write('begun');
        this.tell(await this.moveIn(files));
      }
      // What can be mended is tried again.
      if (files.faults.length === 0) await marker.write('done');
    } catch (error) {
      log.warn('Moving in from Alertmanager failed; the next start tries again', { folder, err: reasonOf(error) });
    }
  }

  private async moveIn(files: SnapshotFiles): Promise<MovingInReport> {
    const faults = [...files.faults];
    const report = { silences: 0, notifications: 0, known: 0, expired: 0, unmapped: 0, faults };
    if (files.silences !== null) await this.moveSilences(files.silences, report);
    if (files.nflog !== null) await this.moveRecords(files.nflog, report);
    return report;
  }

  private async moveSilences(file: Uint8Array, report: MovingInReport): Promise<void> {
    const { items, faults } = readSilenceSnapshot(file);
    const kept = silencesToKeep(items, this.options.clock.nowMs());
    const fresh = kept.filter(({ id }) => this.options.silences.silences.get(id) === undefined);
    for (let start = 0; start < fresh.length; start += MAX_WRITES) {
      report.silences += await this.writeSilences(fresh.slice(start, start + MAX_WRITES));
    }
    report.expired += items.length - kept.length;
    report.known += kept.length - report.silences;
    report.faults.push(...faults.map((fault) => `silences: ${fault}`));
  }

  /** How many were written: where another instance was faster, those it left. */
  private async writeSilences(silences: readonly Silence[]): Promise<number> {
    const writes = silences.map((silence) => ({ kind: 'store', expectedVersion: 0, silence }) as const);
    if ((await this.options.silences.write(writes, NO_LIMIT)) === 'written') return silences.length;
    let written = 0;
    for (const write of writes) {
      if ((await this.options.silences.write([write], NO_LIMIT)) === 'written') written++;
    }
    return written;
  }

  private async moveRecords(file: Uint8Array, report: MovingInReport): Promise<void> {
    const { routes, isIntegration, records, clock, log } = this.options;
    const { items, faults } = readNflogSnapshot(file);
    const { groups, expired, unmapped } = planRecords(items, routes, isIntegration, clock.nowMs());
    const results = await records.write(
      groups.map(({ groupId, changes }) => ({ groupId, fence: null, changes, arms: [] })),
    );
    const written = groups.filter((_, index) => results[index] === 'written');
    await records.expire(written.map(({ groupId, expiresAtMs }) => ({ groupId, expiresAtMs })));
    for (const { groupKey, integration } of unmapped.slice(0, MAX_LINES)) {
      log.info('A notification of Alertmanager belongs to no group of this configuration', { groupKey, integration });
    }
    report.notifications = countChanges(written);
    report.known += countChanges(groups) - report.notifications;
    report.expired += expired;
    report.unmapped = unmapped.length;
    report.faults.push(...faults.map((fault) => `nflog: ${fault}`));
  }

  private tell({ faults, ...counts }: MovingInReport): void {
    const { log, timeline, clock, folder } = this.options;
    for (const fault of faults.slice(0, MAX_LINES)) log.warn('Cannot read what Alertmanager left', { folder, fault });
    log.info('Moved in from Alertmanager', { folder, ...counts, unreadable: faults.length });
    timeline.record({
      atMs: clock.nowMs(),
      kind: 'system',
      message:
        `Moved in from Alertmanager: ${counts.silences} silences and ${counts.notifications} notifications taken over, ` +
        `${faults.length} unreadable, ${counts.unmapped} of no group here`,
      detail: { ...counts, faults: faults.slice(0, MAX_LINES) },
    });
  }
}

function countChanges(groups: readonly { readonly changes: readonly unknown[] }[]): number {
  return groups.reduce((sum, { changes }) => sum + changes.length, 0);
}
