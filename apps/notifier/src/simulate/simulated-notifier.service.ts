import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Claim, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { type LeasedClaim } from '@tocsin/common/due-queue/due-runner.service';
import { MemoryStore } from '@tocsin/common/embedded/memory.store';
import { nullLog } from '@tocsin/common/log/log';
import { SimulatedClock } from '@tocsin/common/time/simulated-clock';
import { type NotifierConfig } from '../config/notifier-config';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { type Integration, type Notification } from '../receivers/integration';
import { SilencedBy } from '../silences/silenced-by';
import { LastSaid } from '../timeline/last-said';
import { type TimelineEvent } from '../timeline/timeline-event';
import { assembleSimulatedPipeline, type SimulatedPipeline } from './simulated-pipeline.service';
import { recordingIntegrations } from './recording-integrations';
import { type Arrival, type Scenario, type ScenarioLimits } from './scenario';
import { type SimulatedNotification, type SimulationResult } from './simulation';

/** Groups, and deliveries of an integration, claimed in one go, as a notifier does. */
const MOST_CLAIMS = 256;

/** What a flush or delivery costs, in alerts looked at. */
const CLAIM_WORK = 10;

/** Work done before others get their turn. */
const WORK_AT_ONCE = 2_000;

/** Plays a scenario: the services of a notifier on state in memory, with time that jumps to whatever comes next. */
export class SimulatedNotifier {
  private readonly clock: SimulatedClock;
  private readonly pipeline: SimulatedPipeline;
  private readonly notifications: SimulatedNotification[] = [];
  private readonly events: TimelineEvent[] = [];
  private readonly said = new LastSaid();
  /** When an integration that is at its limits can take more, epoch ms. */
  private capacityAtMs = Infinity;
  private work = 0;

  constructor(
    config: NotifierConfig,
    private readonly scenario: Scenario,
    private readonly limits: Pick<ScenarioLimits, 'maxWork'>,
    metrics: NotifierMetrics,
  ) {
    this.clock = new SimulatedClock(scenario.startMs);
    this.pipeline = assembleSimulatedPipeline({
      store: new MemoryStore(),
      clock: this.clock,
      config,
      integrations: recordingIntegrations(config, (...told) => this.record(...told)),
      silences: new SilencedBy(scenario.silences),
      metrics,
      timeline: { record: (event) => void (this.said.isNews(event.state, '') && this.events.push(event)) },
      log: nullLog,
      random: () => 0,
      wrap: (port) => port,
    });
    this.pipeline.deliverer.onCapacity = (atMs) => {
      this.capacityAtMs = Math.min(this.capacityAtMs, atMs);
    };
  }

  /** Once. */
  async run(): Promise<SimulationResult> {
    const { startMs, endMs, arrivals } = this.scenario;
    let arrived = 0;
    let rested = 0;
    for (;;) {
      const nextMs = Math.min(arrivals[arrived]?.atMs ?? Infinity, await this.nextDueMs());
      if (nextMs > endMs) break;
      this.clock.set(Math.max(this.clock.nowMs(), nextMs));
      const nowMs = this.clock.nowMs();
      const now: Arrival[] = [];
      for (; (arrivals[arrived]?.atMs ?? Infinity) <= nowMs; arrived++) now.push(arrivals[arrived] as Arrival);
      if (now.length > 0) {
        this.work += now.length;
        await this.pipeline.ingest.ingest(
          now.map(({ alert }) => alert),
          nowMs,
        );
      }
      await this.flush();
      await this.deliver();
      if (this.work > this.limits.maxWork) return { kind: 'too much work' };
      if (this.work < rested + WORK_AT_ONCE) continue;
      rested = this.work;
      await nextTurn();
    }
    const { notifications, events } = this;
    return { kind: 'done', simulation: { startMs, endMs, notifications, events } };
  }

  private async flush(): Promise<void> {
    const { groups, flusher, active } = this.pipeline;
    const { claims } = await groups.claim([{ lane: active.config.routes.lane, max: MOST_CLAIMS }], LEASE_MS);
    for (const { id } of claims) this.work += CLAIM_WORK + active.groups.members(id).size;
    if (claims.length > 0) await flusher.flush(claims.map((claim) => this.leased(claim)));
  }

  private async deliver(): Promise<void> {
    const { deliveries, deliverer } = this.pipeline;
    const lanes = deliverer.lanes().map(({ lane, max }) => ({ lane, max: Math.min(max, MOST_CLAIMS) }));
    const { claims } = await deliveries.claim(lanes, LEASE_MS);
    this.work += CLAIM_WORK * claims.length;
    if (claims.length > 0) await deliverer.deliver(claims.map((claim) => this.leased(claim)));
  }

  /** Infinity: nothing will ever be due again. */
  private async nextDueMs(): Promise<number> {
    const { groups, deliveries, deliverer, active } = this.pipeline;
    this.capacityAtMs = Infinity;
    const lanes = deliverer.lanes().map(({ lane }) => ({ lane, max: 0 }));
    const due = await Promise.all([
      groups.claim([{ lane: active.config.routes.lane, max: 0 }], LEASE_MS),
      deliveries.claim(lanes, LEASE_MS),
    ]);
    return Math.min(this.capacityAtMs, ...due.map(({ nextDueMs }) => nextDueMs ?? Infinity));
  }

  private leased(claim: Claim): LeasedClaim {
    return { ...claim, isHeld: () => true };
  }

  private record({ receiver, key }: Integration, notification: Notification): void {
    const { reason, groupKey, groupLabels, alerts } = notification;
    this.work += alerts.length;
    this.notifications.push({
      atMs: this.clock.nowMs(),
      receiver,
      integration: key,
      reason,
      groupKey,
      groupLabels,
      status: alerts.some(({ endsAtMs }) => endsAtMs === 0) ? 'firing' : 'resolved',
      alerts,
    });
  }
}
