import { AppError } from '@tocsin/common/errors/app-error';
import { type LabelNameMode } from '@tocsin/common/labels/label-set';
import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { formatRfc3339Millis, GO_ZERO_TIME_MS } from '@tocsin/common/time/rfc3339';
import { type Timeline } from '../timeline/timeline-event';
import { expireSilence, planSilence, type SilenceDraft, type SilencePlan } from './change-silence';
import { hasMatchers, type SilenceFilter, sortSilences } from './query-silences';
import { type Silence, silenceState, type StoredSilence } from './silence';
import { silenceEvent } from './silence-events';
import { silenceSizeBytes } from './silence-size';
import { type SilenceStore, type SilenceView, type SilenceWrite } from './silence-store';
import { SILENCE_CONTENTION } from './silences.errors';
import { type SilencesMetrics } from './silences.metrics';
import { whyInvalidSilence } from './validate-silence';

/** How silences are kept. */
export interface SilencesOptions {
  /** How long expired silences are kept, ms. Source: `--data.retention`. Default of the flag 432 000 000. */
  readonly retentionMs: number;
  /** How often those past it are forgotten, ms. Source: `--data.maintenance-interval`. Default of the flag 900 000. */
  readonly maintenanceIntervalMs: number;
  /** Most silences, expired ones included; null: no limit. Source: `--silences.max-silences`. */
  readonly maxSilences: number | null;
  /** Largest silence, bytes; null: no limit. Source: `--silences.max-silence-size-bytes`. */
  readonly maxSilenceBytes: number | null;
  /** Whether every change is logged. Source: `--log.silences`. */
  readonly logSilences: boolean;
  readonly labelNames: LabelNameMode;
}

/** What the service works with. */
export interface SilencesParts {
  readonly store: SilenceStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeline: Timeline;
  readonly metrics: Pick<SilencesMetrics, 'query' | 'maintenance'>;
  readonly randomUUID: () => string;
}

export type SetSilenceResult =
  | { kind: 'stored'; id: string }
  | { kind: 'not-found' }
  /** The message is for the client. */
  | { kind: 'refused'; message: string };

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Each round that ends in a conflict means that somebody else's write went through. */
const MAX_ROUNDS = 100;

/** Most silences forgotten in one write. */
const MAX_FORGOTTEN = 256;

/** Creates, changes, ends, finds and forgets silences. Source: Alertmanager `silence.Silences`. */
export class SilencesService {
  private timer: Timer | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly failure;

  constructor(
    private readonly parts: SilencesParts,
    private readonly options: SilencesOptions,
  ) {
    this.failure = onReasonChange(parts.log);
  }

  /** Begins to forget silences that are past their retention. */
  start(): void {
    if (this.isStopped) return;
    this.timer = this.parts.clock.setTimer(this.options.maintenanceIntervalMs, () => {
      this.running = this.maintain().then(() => this.start());
    });
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  get silences(): SilenceView {
    return this.parts.store.silences;
  }

  get(id: string): StoredSilence | null {
    return this.parts.metrics.query(1, () => this.silences.get(id) ?? null);
  }

  /** Silences that pass the filter, in the order of the API. */
  query({ matchers, states }: SilenceFilter): readonly StoredSilence[] {
    const nowMs = this.parts.clock.nowMs();
    return this.parts.metrics.query(this.silences.size, () => {
      const found = [...this.silences.values()].filter(
        (silence) => states.has(silenceState(silence, nowMs)) && hasMatchers(silence, matchers),
      );
      return sortSilences(found, nowMs);
    });
  }

  /** Creates a silence, or changes the one the draft names. Resolves once that is durable. */
  async set(draft: SilenceDraft): Promise<SetSilenceResult> {
    const { clock, store, randomUUID } = this.parts;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const nowMs = clock.nowMs();
      const dated = draft.startsAtMs === GO_ZERO_TIME_MS ? { ...draft, startsAtMs: nowMs } : draft;
      const reason = whyInvalidSilence(dated, this.options.labelNames);
      if (reason !== null) return { kind: 'refused', message: reason };
      const known = store.silences.get(draft.id) ?? null;
      if (known === null && draft.id !== '') return { kind: 'not-found' };
      const plan = planSilence(dated, known, randomUUID(), nowMs);
      const tooMuch = this.whyTooMuch(plan);
      if (tooMuch !== null) return { kind: 'refused', message: tooMuch };
      const result = await store.write(writesOf(plan, known), this.options.maxSilences ?? NO_LIMIT);
      if (result === 'limit') return { kind: 'refused', message: this.tooManyText() };
      if (result === 'conflict') continue;
      this.tell(plan, nowMs);
      return { kind: 'stored', id: plan.silence.id };
    }
    throw contention(draft.id);
  }

  /** Ends a silence now. Resolves once that is durable; ending what is over changes nothing. */
  async expire(id: string): Promise<'expired' | 'not-found'> {
    const { clock, store, timeline } = this.parts;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const nowMs = clock.nowMs();
      const known = store.silences.get(id);
      if (known === undefined) return 'not-found';
      const ended = expireSilence(known, nowMs);
      if (ended === null) return 'expired';
      const write: SilenceWrite = { kind: 'store', expectedVersion: known.version, silence: ended };
      if ((await store.write([write], NO_LIMIT)) === 'conflict') continue;
      this.logChange('expire silence', ended);
      timeline.record(silenceEvent({ kind: 'expired' }, ended, nowMs));
      return 'expired';
    }
    throw contention(id);
  }

  /** Forgets silences that have been over for the retention time. */
  async forgetOld(): Promise<void> {
    const { store, clock } = this.parts;
    const beforeMs = clock.nowMs() - this.options.retentionMs;
    const old = [...store.silences.values()].filter(({ endsAtMs }) => endsAtMs <= beforeMs);
    for (let start = 0; start < old.length; start += MAX_FORGOTTEN) {
      const writes = old.slice(start, start + MAX_FORGOTTEN).map(({ id }) => ({ kind: 'forget' as const, id }));
      await store.write(writes, NO_LIMIT);
    }
  }

  private async maintain(): Promise<void> {
    try {
      await this.parts.metrics.maintenance(() => this.forgetOld());
      this.failure.recovered('old silences are forgotten again');
    } catch (error) {
      this.failure.failed('old silences could not be forgotten', error);
    }
  }

  /** Null: it is not. The store counts again, in the same step as it writes. */
  private whyTooMuch({ kind, silence }: SilencePlan): string | null {
    const { maxSilences, maxSilenceBytes, retentionMs } = this.options;
    if (kind !== 'updated' && maxSilences !== null && this.silences.size + 1 > maxSilences) return this.tooManyText();
    const bytes = silenceSizeBytes(silence, retentionMs);
    if (maxSilenceBytes === null || bytes <= maxSilenceBytes) return null;
    return `silence exceeded maximum size: ${bytes} bytes (limit: ${maxSilenceBytes} bytes)`;
  }

  private tooManyText(): string {
    return `exceeded maximum number of silences: ${this.silences.size} (limit: ${this.options.maxSilences})`;
  }

  private tell(plan: SilencePlan, nowMs: number): void {
    if (plan.kind === 'replaced' && plan.ended !== null) this.logChange('expire silence', plan.ended);
    this.logChange(plan.kind === 'updated' ? 'update silence' : 'create silence', plan.silence);
    this.parts.timeline.record(silenceEvent(plan, plan.silence, nowMs));
  }

  /** Source: Alertmanager `logSilence`; messages and fields are its own. */
  private logChange(message: string, silence: Silence): void {
    if (!this.options.logSilences) return;
    const matchers = silence.matcherSets.flat().map(({ name, op, value }) => `${name}${op}${value}`);
    this.parts.log.info(message, {
      Id: silence.id,
      CreatedBy: silence.createdBy,
      Comment: silence.comment,
      StartsAt: secondText(silence.startsAtMs),
      EndsAt: secondText(silence.endsAtMs),
      Matchers: matchers.join(','),
    });
  }
}

function writesOf(plan: SilencePlan, known: StoredSilence | null): SilenceWrite[] {
  const version = known?.version ?? 0;
  if (plan.kind === 'updated') return [{ kind: 'store', expectedVersion: version, silence: plan.silence }];
  const made: SilenceWrite = { kind: 'store', expectedVersion: 0, silence: plan.silence };
  if (plan.kind === 'created' || plan.ended === null) return [made];
  return [{ kind: 'store', expectedVersion: version, silence: plan.ended }, made];
}

function contention(id: string): AppError {
  return new AppError(SILENCE_CONTENTION, `silence ${id} was changed by others ${MAX_ROUNDS} times in a row`);
}

function secondText(ms: number): string {
  return formatRfc3339Millis(ms).replace(/\.\d+/, '');
}
