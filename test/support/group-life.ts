import { postAlerts } from './alertmanager-api';
import { anAlert, ended } from './alerts';
import { type Timers } from './configs';
import { type Downtime } from './downtime';
import { type Arrival, gist, type WebhookSink } from './webhook-sink';
import { sleep, waitFor } from './wait-for';

/** Deviation of arrival times that is nobody's fault on a busy machine, ms. */
const EARLY_MS = 100;
const LATE_MS = 1_500;

/** Time between a receiver's answer and the sender's record of it, at most, ms. */
const RECORD_MS = 150;

/** Time we give a group to say the next thing, however many crashes come in between, ms. */
const PATIENCE_MS = 45_000;

/** When an alert was first tried to be posted and when somebody accepted it, epoch ms. */
interface Posted {
  triedAtMs: number;
  acceptedAtMs: number;
}

/**
 * One group's scripted life while processes are killed: `a` fires and is told, `b` joins and both are told, both are
 * told again after repeat_interval, both end and that is told.
 */
export class GroupLife {
  private readonly alertA;
  private readonly alertB;

  constructor(
    readonly name: string,
    private readonly sink: WebhookSink,
    private readonly timers: Required<Timers>,
    private readonly downtime: Downtime,
  ) {
    this.alertA = anAlert({ alertname: 'a', group: name });
    this.alertB = anAlert({ alertname: 'b', group: name });
  }

  /** When the first notification is due, epoch ms. */
  get firstDueMs(): number {
    return Date.parse(this.alertA.startsAt ?? '') + this.timers.groupWaitMs;
  }

  /** Lives it; each alert is posted to every notifier, until one of them has accepted it. Resolves with what was wrong. */
  async live(urls: readonly string[]): Promise<string[]> {
    const first = await postUntilAccepted(urls, [this.alertA]);
    await this.tellOf('a to be told', (text) => text.startsWith('firing a'));
    await sleep(500);
    const joined = await postUntilAccepted(urls, [this.alertB]);
    await this.tellOf('b to be told', (text) => text === 'firing a, b');
    await waitFor('the repeat', () => this.scheduled().filter(isBothFiring).length >= 2, {
      limitMs: PATIENCE_MS,
    });
    await sleep(500);
    const closed = await postUntilAccepted(urls, ended([this.alertA, this.alertB]));
    await this.tellOf('the end to be told', (text) => text === 'resolved a, b');
    await sleep(this.timers.groupIntervalMs + LATE_MS);
    return [...this.wrongOrder(), ...this.wrongRepeats(), ...this.wrongTimes(first, joined, closed)];
  }

  private arrivals(): readonly Arrival[] {
    return this.sink.ofGroup(this.name);
  }

  /** What was told on purpose: without the repeats a crash caused. */
  private scheduled(): Arrival[] {
    return this.arrivals().filter((arrival, index, all) => !this.isCrashRepeat(arrival, all[index - 1]));
  }

  private isCrashRepeat(arrival: Arrival, before: Arrival | undefined): boolean {
    if (before === undefined || gist(before) !== gist(arrival)) return false;
    return arrival.atMs - before.atMs < this.timers.repeatIntervalMs - EARLY_MS;
  }

  private tellOf(what: string, isIt: (text: string) => boolean): Promise<unknown> {
    return waitFor(what, () => this.arrivals().some((arrival) => isIt(gist(arrival))), {
      limitMs: PATIENCE_MS,
    });
  }

  private wrongOrder(): string[] {
    const order = ['firing a', 'firing a, b', 'resolved a, b'];
    const told = this.arrivals().map((arrival) => order.indexOf(gist(arrival)));
    return told.every((step, index) => step >= (told[index - 1] ?? 0))
      ? []
      : ['told something that was no longer true'];
  }

  /** A crash may repeat what was in flight, once; nothing else is repeated before its time. */
  private wrongRepeats(): string[] {
    const all = this.arrivals();
    const unexcused = all.filter((arrival, index) => {
      const before = all[index - 1];
      if (before === undefined || !this.isCrashRepeat(arrival, before)) return false;
      return !this.downtime.wasInFlight(before.atMs, before.answeredAtMs, RECORD_MS);
    });
    return unexcused.map((arrival) => `"${gist(arrival)}" was repeated although it was not in flight at a crash`);
  }

  private wrongTimes(first: Posted, joined: Posted, closed: Posted): string[] {
    const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = this.timers;
    const all = this.arrivals();
    const told = this.scheduled();
    const [opening] = told;
    const bothFiring = told.filter(isBothFiring);
    const [withB, repeat] = bothFiring;
    const end = told.find((arrival) => gist(arrival) === 'resolved a, b');
    if (!opening || !withB || !repeat || !end) return ['something was lost'];
    const lastToldB = all.filter(isBothFiring).findLast(({ atMs }) => atMs < repeat.atMs) ?? withB;

    return [
      ...this.outside('group_wait', opening, this.firstDueMs, first.acceptedAtMs + groupWaitMs),
      ...(opening === withB
        ? []
        : this.outside(
            'group_interval (new alert)',
            withB,
            this.firstDueMs + groupIntervalMs,
            joined.acceptedAtMs + groupIntervalMs,
          )),
      ...this.outside(
        'repeat_interval',
        repeat,
        withB.atMs + repeatIntervalMs,
        lastToldB.atMs + repeatIntervalMs + groupIntervalMs,
      ),
      ...this.outside('group_interval (resolved)', end, closed.triedAtMs, closed.acceptedAtMs + groupIntervalMs),
    ];
  }

  private outside(timer: string, { atMs }: Arrival, earliestMs: number, latestMs: number): string[] {
    if (atMs < earliestMs - EARLY_MS) return [`${timer} was cut short by ${earliestMs - atMs} ms`];
    const lateMs = atMs - latestMs - this.downtime.excuses(latestMs, atMs);
    return lateMs > LATE_MS ? [`${timer} was exceeded by ${lateMs} ms`] : [];
  }

  /** Everything that happened to the group since its first alert was posted, for a failure's message. */
  history(): string {
    const startMs = this.firstDueMs - this.timers.groupWaitMs;
    const lines = this.arrivals().map((arrival) => ({
      atMs: arrival.atMs,
      text: `told ${gist(arrival)} (answered ${answerOf(arrival)})`,
    }));
    for (const { killedAtMs, readyAtMs } of this.downtime.crashes) {
      lines.push({ atMs: killedAtMs, text: `kill -9, ready after ${readyAtMs - killedAtMs} ms` });
    }
    return lines
      .sort((a, b) => a.atMs - b.atMs)
      .map(({ atMs, text }) => `  ${String(atMs - startMs).padStart(7)} ms  ${text}`)
      .join('\n');
  }
}

function answerOf({ atMs, answeredAtMs }: Arrival): string {
  return answeredAtMs === null ? 'never' : `after ${answeredAtMs - atMs} ms`;
}

function isBothFiring(arrival: Arrival): boolean {
  return gist(arrival) === 'firing a, b';
}

async function postUntilAccepted(urls: readonly string[], alerts: Parameters<typeof postAlerts>[1]): Promise<Posted> {
  const triedAtMs = Date.now();
  for (;;) {
    const tries = await Promise.allSettled(urls.map((url) => postAlerts(url, alerts)));
    if (tries.some(({ status }) => status === 'fulfilled')) return { triedAtMs, acceptedAtMs: Date.now() };
    if (Date.now() > triedAtMs + PATIENCE_MS) throw new Error('no notifier accepts alerts', { cause: tries });
    await sleep(100);
  }
}
