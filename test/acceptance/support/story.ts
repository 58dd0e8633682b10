import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { type NotifierOptions } from '@tocsin/notifier/notifier-options';
import { type Started } from '../../support/started';
import { type Arrival, gist, WebhookSink } from '../../support/webhook-sink';
import { ClockedNotifier } from './clocked-notifier';

/** When every story begins: noon of a Monday. */
export const NOON_MS = Date.UTC(2026, 0, 5, 12);

/** A notifier whose time the test moves, and a webhook that writes down when it is told what. */
export class Story {
  private readonly instants = new Map<Arrival, number>();

  private constructor(
    readonly notifier: ClockedNotifier,
    readonly sink: WebhookSink,
  ) {
    sink.onArrival((arrival) => this.instants.set(arrival, notifier.clock.nowMs()));
  }

  /** The configuration is made for the URL of the webhook, which ends with a slash. */
  static async begin(
    started: Started,
    config: (url: string) => string,
    options: Partial<NotifierOptions> = {},
    made = new ClockedNotifier(new FakeClock(NOON_MS), options),
  ): Promise<Story> {
    const sink = await started.add(WebhookSink.start());
    const story = new Story(await started.add(made), sink);
    await story.notifier.start(config(sink.url));
    return story;
  }

  /** What was accepted: `30s team firing a, b; resolved c`, the second word being the path of the URL without its slash
   *  and left out where there is none. */
  get told(): string[] {
    return this.sink.accepted.map((arrival) => this.line(arrival));
  }

  /** The same of everything that was tried. */
  get tried(): string[] {
    return this.sink.arrivals.map((arrival) => this.line(arrival));
  }

  /** What was accepted, without the instants. */
  get gists(): string[] {
    return this.told.map((line) => line.replace(/^\S+ /, ''));
  }

  private line(arrival: Arrival): string {
    const seconds = ((this.instants.get(arrival) ?? NaN) - NOON_MS) / 1_000;
    return [`${seconds}s`, arrival.path.slice(1), gist(arrival)].filter((part) => part !== '').join(' ');
  }
}
