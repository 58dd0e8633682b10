import { type Timers } from './configs';
import { Downtime } from './downtime';
import { GroupLife } from './group-life';
import { type Random } from './random';
import { type WebhookSink } from './webhook-sink';
import { sleep } from './wait-for';

/** A process that can be killed and started again. */
export interface Mortal {
  kill(): Promise<unknown>;
  restart(): Promise<void>;
}

export interface CrashRun {
  random: Random;
  sink: WebhookSink;
  timers: Required<Timers>;
  /** Every notifier's address: alerts are posted to all. */
  urls: readonly string[];
  /** One of them is killed each time. */
  victims: readonly Mortal[];
  crashes: number;
}

const BIRTH_EVERY_MS = 250;

/** What the crash is aimed at: a delivery under way, a flush, or nothing. */
const AIMS = ['delivery', 'flush', 'anything'] as const;

/** Groups are born and live their lives while processes are killed at random points. Returns what went wrong, with the history. */
export async function crashRun({ random, sink, timers, urls, victims, crashes }: CrashRun): Promise<string[]> {
  const downtime = new Downtime(victims.length === 1);
  const lives: Promise<string[]>[] = [];
  let newest: GroupLife | undefined;
  let over = false;
  const births = (async () => {
    for (let n = 0; !over; n++) {
      newest = new GroupLife(`group-${n}`, sink, timers, downtime);
      lives.push(wrongsOf(newest, urls));
      await sleep(BIRTH_EVERY_MS);
    }
  })();

  await sink.behave({ kind: 'accept', delayMs: 20 });
  await sleep(timers.groupWaitMs);
  for (let n = 0; n < crashes; n++) {
    await sleep(random.integer(500, 1_500));
    const aim = random.pick(AIMS);
    if (aim === 'delivery') await nextArrival(sink);
    if (aim === 'flush' && newest) await sleep(Math.max(0, newest.firstDueMs - Date.now()) % BIRTH_EVERY_MS);
    await sleep(random.integer(0, 40));

    const victim = random.pick(victims);
    const crash = { killedAtMs: Date.now(), readyAtMs: Infinity };
    downtime.crashes.push(crash);
    await victim.kill();
    await sleep(random.integer(0, 300));
    await victim.restart();
    crash.readyAtMs = Date.now();
  }
  over = true;
  await births;
  const wrong = (await Promise.all(lives)).flat();
  console.log(`${crashes} crashes, ${lives.length} groups, ${sink.arrivals.length} notifications`);
  return wrong;
}

async function wrongsOf(life: GroupLife, urls: readonly string[]): Promise<string[]> {
  const wrong = await life.live(urls).catch((error: unknown) => [String(error)]);
  return wrong.map((text) => `${life.name}: ${text}\n${life.history()}`);
}

/** Resolves when the sink holds a request it has not answered. */
async function nextArrival(sink: WebhookSink): Promise<void> {
  await new Promise<void>((resolve) => {
    const overdue = setTimeout(resolve, 2_000);
    sink.onArrival(() => {
      clearTimeout(overdue);
      resolve();
    });
  });
  sink.onArrival(() => {});
}
