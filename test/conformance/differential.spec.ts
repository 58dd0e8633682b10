import { afterAll, describe, expect, it } from 'vitest';
import { Alertmanager } from '../support/alertmanager';
import { type Bundle, configOf, makeBundle } from '../support/differential/bundle';
import { difference, logsOf, play, type Player } from '../support/differential/run-bundle';
import { randomFrom, seededRandom } from '../support/random';
import { Started } from '../support/started';
import { startNotifier } from '../support/tocsin';
import { WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterAll(() => started.stopAll());

const IS_LONG = process.env['TOCSIN_LONG'] === '1';
const SCRIPTS = 20;
/** What `npm test` plays is the same each time; a long run plays others. */
const SHORT_SEED = 672_365_284;
const random =
  IS_LONG || process.env['TOCSIN_SEED'] !== undefined
    ? seededRandom('scripts played to Alertmanager and to Tocsin')
    : randomFrom(SHORT_SEED);
const bundles = Array.from({ length: IS_LONG ? 12 : 2 }, (_, index) => ({
  index,
  seed: random.integer(1, 2 ** 31),
  reloads: index % 2 === 1,
}));

/** A difference counts when it is there every time: what milliseconds decide comes out one way or the other. */
const TRIES = 3;

/** Alertmanager takes ended alerts it has not forgotten into groups again with a reload, and tells their end a second
 *  time; Tocsin does not. So both forget them soon. */
const FORGET = '--alerts.gc-interval=300ms';

/**
 * The same seeded scripts of alerts, silences, time-outs and reloads are played to a real Alertmanager and to Tocsin at the
 * same time; each receiver must hear the same notifications of each group, in the same order.
 */
describe(`${bundles.length * SCRIPTS} random scripts end alike in Alertmanager and in Tocsin`, () => {
  it.each(bundles)('bundle $index (seed $seed, reloads: $reloads)', async ({ seed, reloads }) => {
    let bundle = makeBundle(seed, SCRIPTS, reloads);
    let differences = new Map<string, string>();
    for (let attempt = 0; attempt < TRIES && bundle.scripts.length > 0; attempt++) {
      differences = await playToBoth(bundle);
      bundle = { ...bundle, scripts: bundle.scripts.filter(({ id }) => differences.has(id)) };
    }
    const report = bundle.scripts.map((script) => `${differences.get(script.id)}\n${JSON.stringify(script)}`);
    expect(report.join('\n\n')).toBe('');
  });
});

/** Differences by script id. */
async function playToBoth(bundle: Bundle): Promise<Map<string, string>> {
  const [peerSink, ourSink] = [await started.add(WebhookSink.start()), await started.add(WebhookSink.start())];
  const peer = await Alertmanager.start(configOf(bundle, 0, peerSink.url), bundle.reloads ? [FORGET] : []);
  const tocsin = await startNotifier({
    config: configOf(bundle, 0, ourSink.url),
    flags: bundle.reloads ? ['--dispatch.restart-timers-on-reload', FORGET] : [],
  });
  try {
    const startMs = Date.now() + 1_000;
    const players: Player[] = [
      { url: peer.url, reload: () => peer.reload(configOf(bundle, 1, peerSink.url)) },
      {
        url: tocsin.url,
        reload: async () => {
          tocsin.writeConfig(configOf(bundle, 1, ourSink.url));
          const answer = await tocsin.reload();
          if (!answer.ok) throw new Error(await answer.text());
        },
      },
    ];
    await Promise.all(players.map((player) => play(bundle, player, startMs)));
  } finally {
    await Promise.all([peer.stop(), tocsin.stop()]);
  }
  const [theirs, ours] = [logsOf(bundle, peerSink), logsOf(bundle, ourSink)];
  return new Map(
    bundle.scripts.flatMap(({ id }) => {
      const found = difference(theirs.get(id) ?? new Map(), ours.get(id) ?? new Map());
      return found === null ? [] : [[id, found] as const];
    }),
  );
}
