import { afterEach, expect, it } from 'vitest';
import { Started } from '../../support/started';
import { Pipeline } from '../support/pipeline';
import { linesOf, simulated } from '../support/simulated';
import { Story } from '../support/story';

const started = new Started();
afterEach(() => started.stopAll());

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** `extra`: a route of nobody's, so that the file differs. */
const config = (url: string, extra = '') => `
route:
  receiver: team
  group_by: [alertname]
  group_wait: 20s
  group_interval: 50s
  repeat_interval: 8m
  routes: [${extra}]
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }] }
`;

it('timer reset on reload, early repeat (AM#627, AM#2492, AM#2417, AM#2320, AM#3473): reloading every second changes nothing that is told', async () => {
  const play = async (everySecond: (story: Story, second: number) => Promise<void>): Promise<string[]> => {
    const story = await Story.begin(started, config);
    for (let second = 0; second < 1_200; second++) {
      if (second === 3) await story.notifier.fire(['a']);
      if (second === 100) await story.notifier.fire(['b']);
      if (second === 700) await story.notifier.end(['b']);
      await everySecond(story, second);
      await story.notifier.pass(1_000);
    }
    return story.told;
  };
  const expected = await play(async () => {});
  expect(expected.slice(0, 2)).toEqual(['23s firing a', '120s firing b']);
  expect(expected.filter((line) => line.endsWith('firing a'))).toHaveLength(3);
  const reloaded = await play(async ({ notifier, sink }, second) => {
    const extra = second % 2 === 0 ? '{ matchers: [x="y"], group_wait: 1s }' : '';
    expect(await notifier.reload(config(sink.url, extra))).toMatchObject({ ok: true });
  });
  expect(reloaded).toEqual(expected);
});

it('timer reset on reload (AM#2492): a restart within group_wait starts nothing anew either', async () => {
  const story = await Story.begin(started, config);
  await story.notifier.fire(['a']);
  await story.notifier.pass(15_000);
  await story.notifier.halt();
  story.notifier.clock.set(story.notifier.clock.nowMs() + 2_000);
  await story.notifier.start();
  await story.notifier.pass(60_000);
  expect(story.told).toEqual(['20s firing a']);
});

it('repeat ahead of time because the record expired (AM#1806, AM#2890, AM#2934, AM#2961, G#72308, SigNoz#10043): a repeat of 30 d comes exactly once in 40 d', async () => {
  const groupIntervalMs = 6 * HOUR_MS;
  const pipeline = Pipeline.inMemory({ repeatIntervalMs: 30 * DAY_MS, groupIntervalMs });
  const beganMs = pipeline.clock.nowMs();
  const toldOnDay: number[] = [];
  pipeline.answer = async () => {
    toldOnDay.push(Math.floor((pipeline.clock.nowMs() - beganMs) / DAY_MS));
    return { kind: 'delivered' };
  };
  for (let day = 0; day < 40; day++) {
    // Its sender goes on to confirm it, and the notifier is started again now and then.
    await pipeline.fireFor(2 * DAY_MS, 'a');
    await pipeline.workFor(DAY_MS, HOUR_MS);
    if (day % 7 === 0) await pipeline.restart();
  }
  expect(pipeline.heard).toEqual(['firing a', 'firing a']);
  expect(toldOnDay).toEqual([0, 30]);
});

it('repeat ahead of time because the record expired (AM#1806): a notifier that was away for 20 d repeats nothing early', async () => {
  const pipeline = Pipeline.inMemory({ repeatIntervalMs: 30 * DAY_MS, groupIntervalMs: HOUR_MS });
  await pipeline.fireFor(50 * DAY_MS, 'a');
  await pipeline.workFor(DAY_MS, HOUR_MS);
  // The group stays while nothing flushes for longer than any retention: the notifier is away.
  pipeline.clock.set(pipeline.clock.nowMs() + 20 * DAY_MS);
  await pipeline.restart();
  await pipeline.workFor(5 * DAY_MS, HOUR_MS);
  expect(pipeline.heard).toEqual(['firing a']);
});

const twin = (index: number) =>
  `{ matchers: [severity="critical", team="a"], receiver: team, continue: true, group_by: [alertname], repeat_interval: ${index}h }`;

it('two routes share dedup state (AM#3564, AM#3808, AM#3817, AM#4727): twins tell each for itself', async () => {
  const simulation = await simulated(config('http://127.0.0.1:1/', `${twin(1)}, ${twin(2)}`), {
    duration: '5h',
    alerts: [{ labels: { alertname: 'x', severity: 'critical', team: 'a' } }],
  });
  // The first repeats every hour, the second every two.
  expect(linesOf(simulation).filter((line) => line.startsWith('20s '))).toHaveLength(2);
  expect(simulation.notifications.length).toBe(2 + 4 + 2);
});

it('two routes share dedup state (AM#4727): putting siblings in another order tells nobody again', async () => {
  const parent = (child: string) =>
    `{ matchers: [team="a"], continue: true, routes: [{ matchers: [x="${child}"], group_by: [alertname] }] }`;
  const [one, two] = [parent('1'), parent('2')];
  const other = '{ matchers: [team="b"], group_wait: 1s, continue: true }';
  const orders = [
    [one, two, other],
    [other, two, one],
    [two, other, one],
  ];
  const inOrder = (url: string, at: number) => config(url, orders[at]?.join(', '));
  const story = await Story.begin(started, (url) => inOrder(url, 0));
  await story.notifier.fire(['x'], { team: 'a', x: '1' });
  await story.notifier.fire(['y'], { team: 'a', x: '2' });
  await story.notifier.pass(30_000);
  // Each by the child of one of the twins and by the other twin.
  expect([...story.gists].sort()).toEqual(['firing x', 'firing x', 'firing y', 'firing y']);
  for (const at of [1, 2, 0]) {
    await story.notifier.reload(inOrder(story.sink.url, at));
    await story.notifier.pass(120_000);
  }
  expect(story.told).toHaveLength(4);
});

it('group key order (AM#881): another order of matchers and of group_by is the same group', async () => {
  const route = (matchers: string, by: string) => `{ matchers: [${matchers}], group_by: [${by}] }`;
  const story = await Story.begin(started, (url) => config(url, route('team="a", severity=~"c.*"', 'x, alertname')));
  await story.notifier.fire(['a'], { team: 'a', severity: 'critical', x: '1' });
  await story.notifier.pass(30_000);
  const keys = () => story.sink.accepted.map(({ body }) => body.groupKey);
  expect(keys()).toHaveLength(1);
  await story.notifier.reload(config(story.sink.url, route('severity=~"c.*", team="a"', 'alertname, x')));
  await story.notifier.pass(120_000);
  expect(keys()).toHaveLength(1);
  await story.notifier.end(['a'], { team: 'a', severity: 'critical', x: '1' });
  await story.notifier.pass(60_000);
  expect(story.told.map((line) => line.replace(/^\S+ /, ''))).toEqual(['firing a', 'resolved a']);
  expect(new Set(keys()).size).toBe(1);
});
