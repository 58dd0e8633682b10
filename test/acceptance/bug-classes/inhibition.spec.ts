import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { checkConfig } from '@tocsin/notifier/config/check-config';
import { Started } from '../../support/started';
import { linesOf, simulated } from '../support/simulated';
import { Story } from '../support/story';

const started = new Started();
afterEach(() => started.stopAll());

const RULE = '{ source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [team] }';

/** A group for each alert; critical ones mute warnings of their team. */
const config = (url: string, rules = RULE, wait = '10s') => `
route: { receiver: team, group_by: [alertname, team], group_wait: ${wait}, group_interval: 30s, repeat_interval: 1h }
inhibit_rules: [${rules}]
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }] }
`;

const source = { severity: 'critical', team: 'a' };
const target = { severity: 'warning', team: 'a' };
const a = (alertname: string, severity: string, more: object = {}) => ({
  labels: { alertname, severity, team: 'a' },
  ...more,
});

it('inhibition race at start (AM#2229, AM#4064, AM#4315): after a restart with source and target stored the target is not told', async () => {
  const { notifier, ...story } = await begun(config);
  await notifier.fire(['source'], source);
  await notifier.fire(['target'], target);
  await notifier.pass(15_000);
  expect(story.told()).toEqual(['10s firing source']);
  for (let restarts = 0; restarts < 3; restarts++) {
    await notifier.halt();
    notifier.clock.set(notifier.clock.nowMs() + 40_000);
    await notifier.start();
    await notifier.pass(90_000);
  }
  expect(story.told()).toEqual(['10s firing source']);
});

it('inhibition race at start (AM#2229): nor when the target is so old that it waits for nothing, and comes again first', async () => {
  const { notifier, ...story } = await begun(config);
  await notifier.fire(['source'], source);
  await notifier.pass(15_000);
  await notifier.halt();
  await notifier.start();
  const startsAtMs = notifier.clock.nowMs() - 3_600_000;
  await notifier.post([
    { labels: { alertname: 'target', ...target }, startsAtMs, endsAtMs: notifier.clock.nowMs() + 600_000 },
  ]);
  await notifier.fire(['source'], source);
  await notifier.pass(90_000);
  expect(story.told()).toEqual(['10s firing source']);
});

it('inhibition race at start (AM#2783): a target that comes before its source, but within group_wait, is not told', async () => {
  expect(
    linesOf(
      await simulated(config('http://127.0.0.1:1/'), {
        alerts: [a('target', 'warning'), a('source', 'critical', { at: '9s' })],
      }),
    ),
  ).toEqual(['19s firing source']);
});

it('inhibition race at reload (AM#4064): a rule counts from the flush after it came, and reloads let nothing through', async () => {
  const { notifier, sink, ...story } = await begun(config);
  await notifier.fire(['source'], source);
  await notifier.fire(['target'], target);
  for (let second = 0; second < 60; second++) {
    const wait = second % 2 === 0 ? '10s' : '11s';
    await notifier.reload(config(sink.url, RULE, wait));
    await notifier.pass(1_000);
  }
  expect(story.told()).toEqual(['10s firing source']);
  await notifier.reload(config(sink.url, ''));
  await notifier.pass(30_000);
  expect(story.told().slice(1).map(withoutTime)).toEqual(['firing target']);
  await notifier.reload(config(sink.url));
  await notifier.fire(['target2'], target);
  await notifier.pass(60_000);
  expect(story.told()).toHaveLength(2);
});

it('stuck inhibition (AM#1153): a target is told at the flush after its source has ended, timed out or moved away', async () => {
  const told = async (...alerts: object[]) =>
    linesOf(await simulated(config('http://127.0.0.1:1/'), { duration: '5m', alerts })).filter((line) =>
      line.endsWith('firing target'),
    );
  const of = a('target', 'warning');
  expect(await told(of, a('source', 'critical'))).toEqual([]);
  expect(await told(of, a('source', 'critical', { endsAt: '95s' }))).toEqual(['100s firing target']);
  // Its sender goes silent; then it says that it has ended; then it fires on without the label.
  expect(await told(of, a('source', 'critical', { endsAt: '2m' }))).toEqual(['130s firing target']);
  expect(
    await told(of, a('source', 'critical', { endsAt: '4m' }), a('source', 'critical', { at: '50s', endsAt: '50s' })),
  ).toEqual(['70s firing target']);
  expect(await told(of, a('source', 'critical', { endsAt: '61s' }), a('source', 'info', { at: '61s' }))).toEqual([
    '70s firing target',
  ]);
});

it('stuck inhibition (AM#1153): whoever is told at a flush has no source then, and whoever is not has one, after any trace', async () => {
  const spans = fc.array(
    fc.record({
      severity: fc.constantFrom('critical', 'warning'),
      name: fc.constantFrom('x', 'y'),
      at: fc.integer({ min: 0, max: 300 }),
      lasts: fc.integer({ min: 1, max: 200 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  let firsts = 0;
  await fc.assert(
    fc.asyncProperty(spans, async (written) => {
      const alerts = written
        .map((span, index) => ({
          ...span,
          fromMs: span.at * 1_000 + index + 1,
          toMs: (span.at + span.lasts) * 1_000 + 500,
        }))
        .map(({ severity, name, fromMs, toMs }) => ({ severity, name: `${name}-${fromMs}`, fromMs, toMs }));
      const { notifications, startMs } = await simulated(config('http://127.0.0.1:1/'), {
        duration: '10m',
        alerts: alerts.map(({ severity, name, fromMs, toMs }) =>
          a(name, severity, { at: `${fromMs}ms`, endsAt: `${toMs}ms` }),
        ),
      });
      const firesAt = ({ fromMs, toMs }: { fromMs: number; toMs: number }, atMs: number) =>
        fromMs <= atMs && atMs < toMs;
      for (const { severity, name, fromMs, toMs } of alerts.filter(({ severity }) => severity === 'warning')) {
        // Each is a group of its own, flushed after ten seconds and then every thirty while it is there.
        let expected: number | null = null;
        for (let atMs = fromMs + 10_000; atMs < toMs && expected === null; atMs += 30_000) {
          const isInhibited = alerts.some((other) => other.severity === 'critical' && firesAt(other, atMs));
          if (!isInhibited) expected = atMs;
        }
        const first = notifications.find(({ alerts: [one] }) => one?.labels['alertname'] === name);
        expect([severity, first && first.atMs - startMs]).toEqual([severity, expected ?? undefined]);
        if (first) firsts++;
      }
    }),
    { numRuns: 150 },
  );
  expect(firsts).toBeGreaterThan(20);
});

it('self inhibition (AM#666): an alert that is both source and target is told, alone and with others like it', async () => {
  const rule = '{ source_matchers: [team="a"], target_matchers: [team="a"], equal: [team] }';
  const scenario = { alerts: [a('x', 'critical'), a('y', 'warning', { at: '1s' })], duration: '1m' };
  expect(linesOf(await simulated(config('http://127.0.0.1:1/', rule), scenario))).toEqual([
    '10s firing x',
    '11s firing y',
  ]);
});

it('mutual inhibition (AM#666): two rules against each other mute both sides, and the file is warned of them', async () => {
  const reverse = '{ source_matchers: [severity="warning"], target_matchers: [severity="critical"], equal: [team] }';
  const text = config('http://127.0.0.1:1/', `${RULE}, ${reverse}`);
  const scenario = { alerts: [a('x', 'critical'), a('y', 'warning')], duration: '1m' };
  expect(linesOf(await simulated(text, scenario))).toEqual([]);
  const checked = checkConfig(text, 'fallback');
  const codes = checked.ok ? checked.lint.map(({ code }) => code) : [];
  expect(codes).toContain('inhibit-each-other');
});

function withoutTime(line: string): string {
  return line.replace(/^\S+ /, '');
}

async function begun(text: (url: string) => string) {
  const story = await Story.begin(started, text);
  return { notifier: story.notifier, sink: story.sink, told: () => story.told };
}
