import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { LastSaid } from '../timeline/last-said';
import { type Timeline, type TimelineEvent } from '../timeline/timeline-event';
import { filled, timeJson } from './event-json';
import { type EventRecorderConfig } from './event-recorder-config';
import { type EventRecorderMetrics } from './event-recorder.metrics';
import { type EventOutput } from './event-output';
import { type EventSource, mainType, type RecordedEvent, recordedEvents } from './recorded-event';

/** Events of the timeline that wait at most. */
const MAX_WAITING = 8_192;

/** Of those, handled in one go. */
const MAX_BATCH = 64;

/** Groups of which it is remembered who mutes them; beyond, all are told of once more. */
const MAX_REMEMBERED = 50_000;

export interface EventRecorderOptions {
  readonly source: EventSource;
  /** Opens what a configuration names; throws when one of them cannot be opened. */
  readonly open: (config: EventRecorderConfig) => readonly EventOutput[];
  readonly clock: Clock;
  readonly metrics: EventRecorderMetrics;
  readonly log: Log;
  /** Name of the machine. */
  readonly instance: string;
  readonly version: string;
  /** What the program was built from and runs on. */
  readonly buildContext: string;
  /** Place among the live instances. */
  readonly position: () => number;
}

/** Writes what happens to the outputs of `event_recorder`. Never delays whoever tells it. */
export class EventRecorderService implements Timeline {
  private outputs: readonly EventOutput[] = [];
  private config: EventRecorderConfig | null = null;
  private waiting: (TimelineEvent | RecordedEvent)[] = [];
  private writing: Promise<void> | null = null;
  private said = new LastSaid();
  private remembered = 0;
  private readonly failures = new Map<string, ReturnType<typeof onReasonChange>>();

  constructor(private readonly options: EventRecorderOptions) {
    options.metrics.observeQueue(() => this.waiting.length);
  }

  /** Opens the outputs and records the start. */
  start(config: EventRecorderConfig | null): void {
    this.swap(config);
    const { version, buildContext, clock } = this.options;
    const data = { alertmanagerStartupEvent: filled({ version, buildContext }) };
    this.add({ type: 'alertmanager_startup_event', atMs: clock.nowMs(), data });
  }

  /** Goes over to the outputs of another configuration; where one cannot be opened, the old ones stay. */
  async reload(config: EventRecorderConfig | null): Promise<void> {
    if (config === this.config) return;
    await this.written();
    const old = this.outputs;
    if (this.swap(config)) await closeAll(old);
  }

  /** Records the end and closes the outputs. */
  async stop(): Promise<void> {
    this.add({
      type: 'alertmanager_shutdown_event',
      atMs: this.options.clock.nowMs(),
      data: { alertmanagerShutdownEvent: {} },
    });
    await this.written();
    await closeAll(this.outputs);
    this.outputs = [];
  }

  record(event: TimelineEvent): void {
    if (this.outputs.length === 0) return;
    const isNews = this.isNews(event);
    const type = mainType(event);
    if (type === null || !isNews) return;
    if (this.waiting.length >= MAX_WAITING) this.options.metrics.dropped(type);
    else this.add(event);
  }

  /** Who mutes what is told at every flush, and recorded when it changes. */
  private isNews({ state }: TimelineEvent): boolean {
    if (state === undefined) return true;
    if (!this.said.isNews(state, '')) return false;
    if (state.value !== '' && ++this.remembered > MAX_REMEMBERED) {
      this.said = new LastSaid();
      this.remembered = 0;
    }
    return true;
  }

  private swap(config: EventRecorderConfig | null): boolean {
    try {
      this.outputs = config === null ? [] : this.options.open(config);
    } catch (error) {
      this.options.log.error('Outputs of the event recorder could not be opened', { err: String(error) });
      return false;
    }
    this.config = config;
    for (const { name } of this.outputs) this.options.metrics.outputOpened(name);
    return true;
  }

  private add(event: TimelineEvent | RecordedEvent): void {
    if (this.outputs.length === 0) return;
    this.waiting.push(event);
    this.writing ??= this.writeAll().finally(() => (this.writing = null));
  }

  private async written(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await nextTurn();
      const batch = this.waiting.splice(0, MAX_BATCH);
      const events = batch.flatMap((event) => ('type' in event ? [event] : recordedEvents(event, this.options.source)));
      if (events.length > 0) await this.write(events);
    }
  }

  private async write(events: readonly RecordedEvent[]): Promise<void> {
    const { metrics } = this.options;
    const lines = events.map((event) => this.lineOf(event));
    const write = async (output: EventOutput): Promise<void> => {
      const failure = this.failureOf(output.name);
      try {
        await output.write(lines);
        failure.recovered('Events are written again', { output: output.name });
        events.forEach(({ type }, index) =>
          metrics.written(type, output.name, Buffer.byteLength(lines[index] ?? '') + 1),
        );
      } catch (error) {
        failure.failed('Events could not be written', error, { output: output.name });
        for (const { type } of events) metrics.failed(type, output.name);
      }
    };
    await Promise.all(this.outputs.map(write));
  }

  private lineOf({ atMs, data }: RecordedEvent): string {
    const { instance, position } = this.options;
    return JSON.stringify(filled({ '@timestamp': timeJson(atMs), instance, data, clusterPosition: position() }));
  }

  private failureOf(output: string): ReturnType<typeof onReasonChange> {
    let failure = this.failures.get(output);
    if (failure === undefined) this.failures.set(output, (failure = onReasonChange(this.options.log)));
    return failure;
  }
}

async function closeAll(outputs: readonly EventOutput[]): Promise<void> {
  await Promise.allSettled(outputs.map((output) => output.close()));
}
