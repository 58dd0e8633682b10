import { type Claim, type Completion, type DueQueue, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { type LeasedClaim } from '@tocsin/common/due-queue/due-runner.service';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertBook, type AlertWrite } from '../alerts/alert-book';
import { type ActiveConfig } from '../config/active-config';
import { deliveryDueMs } from '../delivery/delivery-intent';
import { type CurrentMuting } from '../pipeline/current-muting';
import { decideFlush } from '../pipeline/decide-flush';
import { flushContext, groupMembers } from '../pipeline/flush-context';
import { type Muting } from '../pipeline/muting';
import { type NotificationLog, type RecordWrite } from '../pipeline/notification-log';
import { type FlushedGroup, type FlushReportService } from './flush-report.service';
import { type GroupRef } from './groups';
import { plainRouteLabels, type RouteLabelsOf } from './route-labels';

interface Flush extends FlushedGroup {
  readonly claim: LeasedClaim;
}

/** How soon a group is tried again when it could not be decided, ms. */
const RETRY_MS = 1_000;
const MAX_WRITES = 256;

/** Flushes due groups: load, decide, record the intents, complete. A crash at any point repeats the flush. */
export class FlushGroupService {
  constructor(
    private readonly clock: Clock,
    private readonly active: ActiveConfig,
    private readonly book: AlertBook,
    private readonly log: NotificationLog,
    private readonly groups: DueQueue,
    private readonly muting: Pick<CurrentMuting, 'at'>,
    private readonly report: Pick<FlushReportService, 'started' | 'flushed'>,
    private readonly routeLabelsOf: RouteLabelsOf = plainRouteLabels,
  ) {}

  /** Handles claims of one round; throws when the state is out of reach, and the leases run out by themselves. */
  async flush(claims: readonly LeasedClaim[]): Promise<void> {
    const startMs = this.clock.nowMs();
    for (const claim of claims) this.report.started(startMs - claim.dueMs);

    const loaded = await this.log.load(claims.map((claim) => claim.id));
    if (!(await this.book.reached(loaded.position, LEASE_MS / 2))) {
      const retryMs = this.clock.nowMs() + RETRY_MS;
      await this.groups.complete(claims.map((claim) => ({ claim, unchanged: retryMs, changed: retryMs })));
      return;
    }

    // Later than everything the state was read with: a silence acknowledged by then begins no later.
    const nowMs = this.clock.nowMs();
    const { lane } = this.active.config.routes;
    const muting = this.muting.at(nowMs);
    const flushes: Flush[] = [];
    const ended: Completion[] = [];
    for (const claim of claims) {
      const group = this.active.groups.group(claim.id);
      if (claim.lane !== lane || group === undefined) ended.push(leaveAlone(claim, lane, nowMs));
      else flushes.push(this.decide(claim, group, loaded.records.get(claim.id) ?? new Map(), muting, nowMs));
    }
    const completions = [...ended, ...(await this.record(flushes))];
    await this.forget(completions.slice(0, ended.length), nowMs);
    await this.groups.complete(completions);
    await this.followReload(lane, flushes);
  }

  /** A reload that came in between copied the leases of these groups to its own lane; their next due times follow. */
  private async followReload(lane: string, flushes: readonly Flush[]): Promise<void> {
    const current = this.active.config.routes.lane;
    if (current === lane) return;
    await this.groups.copyLane(
      lane,
      current,
      flushes.map(({ group }) => group.id).filter((id) => this.active.groups.group(id) !== undefined),
    );
  }

  private decide(claim: LeasedClaim, group: GroupRef, records: FlushRecords, muting: Muting, nowMs: number): Flush {
    const integrations = this.active.integrations.ofReceiver(group.route.receiver);
    const members = groupMembers(this.active.groups, this.book.alerts, group.id);
    const routeLabels = this.routeLabelsOf(group, members, nowMs);
    const context = flushContext({ nowMs, group, members, integrations, records, muting, routeLabels, claim });
    const { muted } = context;
    const decision = decideFlush(context);
    return { claim, group, integrations, members, muted, records, decision, nowMs };
  }

  /** Records of groups that have ended are not kept for ever: who let the group's last alert go may have come no further. */
  private async forget(ended: readonly Completion[], nowMs: number): Promise<void> {
    const gone = ended.filter(({ unchanged }) => unchanged === null);
    if (gone.length === 0) return;
    const routes = [...this.active.config.routes.byId.values()];
    const expiresAtMs = Math.max(...routes.map((route) => recordExpiryMs(nowMs, route)));
    await this.log.expire(gone.map(({ claim }) => ({ groupId: claim.id, expiresAtMs })));
  }

  /** Writes what was decided; answers how each claim ends. */
  private async record(flushes: readonly Flush[]): Promise<Completion[]> {
    const changed = flushes.filter(({ decision }) => decision.changes.length > 0);
    const results = await this.log.write(changed.map(recordWrite));
    const refused = new Map(changed.map((flush, index) => [flush, results[index]]));

    const completions: Completion[] = [];
    const settles: AlertWrite[] = [];
    const expiring: { groupId: string; expiresAtMs: number }[] = [];
    for (const flush of flushes) {
      const { claim, group, decision, nowMs } = flush;
      const result = refused.get(flush) ?? 'written';
      if (result === 'lost') continue;
      if (result === 'conflict') {
        completions.push({ claim, unchanged: nowMs, changed: nowMs });
        continue;
      }
      this.report.flushed(flush);
      for (const { fingerprint, version } of decision.settled) {
        settles.push({ kind: 'settle', fingerprint, version, groupId: group.id });
      }
      const nextMs = nowMs + group.route.groupIntervalMs;
      completions.push({ claim, unchanged: decision.empty ? null : nextMs, changed: nextMs });
      if (decision.empty) expiring.push({ groupId: group.id, expiresAtMs: recordExpiryMs(nowMs, group.route) });
    }
    for (let start = 0; start < settles.length; start += MAX_WRITES) {
      await this.book.commit({ writes: settles.slice(start, start + MAX_WRITES), arms: [] });
    }
    if (expiring.length > 0) await this.log.expire(expiring);
    return completions;
  }
}

type FlushRecords = Parameters<typeof decideFlush>[0]['records'];

/** A group of another route tree goes back for an instance that has that tree; one without members goes away. */
function leaveAlone(claim: Claim, lane: string, nowMs: number): Completion {
  const backMs = nowMs + RETRY_MS;
  return { claim, unchanged: claim.lane === lane ? null : backMs, changed: backMs };
}

function recordWrite({ claim, group, decision, nowMs }: Flush): RecordWrite {
  const arms = decision.changes.flatMap(({ integration, record }) =>
    decision.deliveries.includes(integration)
      ? [{ lane: integration, id: group.id, dueMs: deliveryDueMs(record, nowMs), mode: 'earlier' as const }]
      : [],
  );
  return { groupId: group.id, fence: { queue: 'groups', claim }, changes: decision.changes, arms };
}

/** A record outlives its group, so that what was told is not told again. Source: Alertmanager, `nflog` expiry; never
 *  less than the repeat interval. */
export function recordExpiryMs(nowMs: number, route: { repeatIntervalMs: number; groupIntervalMs: number }): number {
  return nowMs + 2 * Math.max(route.repeatIntervalMs, route.groupIntervalMs);
}
