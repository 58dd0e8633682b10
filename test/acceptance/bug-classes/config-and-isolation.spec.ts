import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { postBody } from '../../support/alertmanager-api';
import { Started } from '../../support/started';
import { afterEach, describe, expect, it } from 'vitest';
import { linesOf, simulated } from '../support/simulated';
import { NOON_MS, Story } from '../support/story';

const started = new Started();
afterEach(() => started.stopAll());

const config = (url: string, more = '') => `
route: { receiver: team, group_by: [alertname], group_wait: 10s, group_interval: 30s, repeat_interval: 1h }
receivers:
  - name: team
    webhook_configs: [{ url: "${url}" }]
${more}
`;

describe('one bad item blocks all (AM#1150, AM#4979, GA PR#110)', () => {
  it('of several alerts posted together the good ones are told, and the bad ones named', async () => {
    const story = await Story.begin(started, config);
    const { notifier } = story;
    const startsAt = formatRfc3339Millis(NOON_MS);
    const posted = [
      { labels: { alertname: 'good' }, startsAt },
      { labels: {}, startsAt },
      { labels: { alertname: 'backwards' }, startsAt, endsAt: formatRfc3339Millis(NOON_MS - 60_000) },
      { labels: { alertname: 'good too' }, startsAt },
    ];
    const response = await postBody(notifier.url, JSON.stringify(posted));
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toMatch(/at least one label pair required/);
    expect(text).toMatch(/start time must be before end time/);
    await notifier.pass(20_000);
    expect(story.told.sort()).toEqual(['10s firing good', '10s firing good too']);
  });

  it.each([
    ['an empty entry of a receiver', 'webhook_configs: [{}]'],
    ['an entry that is null', 'webhook_configs: [null]'],
    ['an empty block', 'webhook_configs: [ ]\n    slack_configs: [{}]'],
    ['a receiver that is null', 'webhook_configs: []\n  - null'],
    [
      'everything at once',
      'webhook_configs: [{ url: x }, { url_file: "" }]\ninhibit_rules: [{ source_matchers: ["("] }]\nfoo: bar',
    ],
  ])('a file with %s is refused with a place, and the last good one goes on', async (_, mistake) => {
    const story = await Story.begin(started, config);
    const { notifier } = story;
    const result = await notifier.reload(`route: { receiver: team }\nreceivers:\n  - name: team\n    ${mistake}\n`);
    expect(result).toMatchObject({ ok: false, error: expect.stringMatching(/:\d+:\d+: /) as string });
    await notifier.fire(['a']);
    await notifier.pass(20_000);
    expect(story.told).toEqual(['10s firing a']);
  });

  it('all mistakes of a file are told at once', async () => {
    const { notifier } = await Story.begin(started, config);
    const result = await notifier.reload(
      'route: { receiver: nobody, group_wait: x }\nreceivers: [{ name: a, webhook_configs: [{}] }]\nfoo: 1\n',
    );
    for (const mistake of ['nobody', 'group_wait|duration', 'url', 'foo']) {
      expect(result).toMatchObject({ error: expect.stringMatching(mistake) as string });
    }
  });

  it('a receiver that cannot be told, because of a file that is not there, does not keep others from it', async () => {
    const broken = '  - name: unused\n    webhook_configs: []';
    const story = await Story.begin(started, (url) =>
      config(url, broken).replace('webhook_configs: [{', 'webhook_configs: [{ url_file: not-there }, {'),
    );
    await story.notifier.fire(['a']);
    await story.notifier.pass(45_000);
    expect(story.told).toEqual(['10s firing a']);
    const { deadLetters } = (await story.notifier.ask('GET', '/api/tocsin/v1/dead-letters')) as {
      deadLetters: { integration: string; error: string }[];
    };
    expect(deadLetters).toEqual([
      expect.objectContaining({ integration: 'team/webhook/0', error: expect.stringContaining('not-there') as string }),
    ]);
  });
});

it('rule limit wipes alerts (Prom#12415, AM PR#5381): at the limit known alerts stay, resolves pass and nothing flaps', async () => {
  const story = await Story.begin(started, config, { perAlertnameLimit: 3 });
  const { notifier } = story;
  const post = async (ids: readonly number[], endsInMs: number): Promise<void> => {
    const nowMs = notifier.clock.nowMs();
    const startsAtMs = NOON_MS - 1;
    for (const id of ids) {
      await notifier.post([{ labels: { alertname: 'x', id: `${id}` }, startsAtMs, endsAtMs: nowMs + endsInMs }]);
    }
  };
  // One more than the limit, and one less, in turns.
  for (let turn = 0; turn < 10; turn++) {
    await post(turn % 2 === 0 ? [1, 2, 3, 4] : [1, 2], 600_000);
    await notifier.pass(30_000);
  }
  expect(story.gists).toEqual(['firing x, x, x']);
  await post([1, 2, 3], 0);
  await notifier.pass(30_000);
  expect(story.gists).toEqual(['firing x, x, x', 'resolved x, x, x']);
});

it('resend noise from restarting and replicated senders (AM#4152, VM#7600): three that say the same are one', async () => {
  const sent = (senders: number) =>
    Array.from({ length: 20 }, (_, turn) =>
      Array.from({ length: senders }, (_, sender) => ({
        labels: { alertname: 'a' },
        // Each evaluates at a phase of its own, and one that was started anew knows of a later begin.
        at: `${turn * 30 + sender * 7}s${sender + 1}ms`,
        startsAt: `${turn > 10 && sender === 2 ? turn * 30 : 0}s`,
        endsAt: `${turn * 30 + sender * 7 + 120}s`,
      })),
    ).flat();
  const play = async (senders: number) =>
    linesOf(await simulated(config('http://127.0.0.1:1/'), { duration: '30m', alerts: sent(senders) }));
  const [single, triple] = [await play(1), await play(3)];
  expect(single.map((line) => line.replace(/^\S+ /, ''))).toEqual(['firing a', 'resolved a']);
  expect(triple.map((line) => line.replace(/^\S+ /, ''))).toEqual(['firing a', 'resolved a']);
});

it('truncation failures (AM#1700, AM#1840, G#48812): a webhook with max_alerts stays valid JSON and says how many it left out', async () => {
  const story = await Story.begin(started, (url) =>
    config(url).replace('group_by: [alertname]', 'group_by: []').replace('[{ url', '[{ max_alerts: 2, url'),
  );
  await story.notifier.fire(['a"', 'b\\', 'c\n', 'd😀', 'e']);
  await story.notifier.pass(20_000);
  const [arrival] = story.sink.accepted;
  expect(arrival?.body).toMatchObject({ truncatedAlerts: 3 });
  expect(arrival?.body.alerts).toHaveLength(2);
});

describe('upgrade and downgrade (AM#5330): what another version stored is read', () => {
  const closing = (url: string) => config(url).replace('receiver: team,', 'receiver: team, on_muted: close,');

  it.each<[string, (text: string) => string]>([
    [
      'without the fields that came later',
      (text) =>
        text
          .replaceAll(/,"(?:annotations|open|untold|onMuted)":(?:"\w+"|\{[^}]*\}|\[[^\]]*\])/g, '')
          .replaceAll(/("deadLetter":\{)("sequence".*?),"receiver".*?\}\}/g, '$1$2}'),
    ],
    [
      'with fields this version does not know',
      (text) => text.replaceAll(/"(revision|createdBy)":/g, '"fromTheFuture":{"a":[1]},"$1":'),
    ],
  ])('%s', async (_, rewrite) => {
    const story = await Story.begin(started, closing);
    const { notifier, sink } = story;
    await notifier.fire(['told', 'muted']);
    await notifier.silence({ alertname: 'muted' }, 120_000);
    await notifier.pass(20_000);
    await sink.behave({ kind: 'status', status: 400 });
    await notifier.fire(['refused']);
    await notifier.pass(12_000);
    await sink.behave({ kind: 'accept' });
    await notifier.halt();
    const rewritten = ['notification-log', 'silences'].filter((name) => {
      const table = notifier.store.textTable(name);
      const rows = [...table.entries()].map(({ key, value }) => ({ key, value, text: rewrite(value) }));
      for (const { key, text } of rows) table.put(key, text);
      return rows.some(({ value, text }) => value !== text);
    });
    expect(rewritten).toEqual(['notification-log', 'silences']);
    await notifier.start();
    expect(await notifier.ask('GET', '/api/tocsin/v1/dead-letters')).toMatchObject({ deadLetters: [{ attempts: 1 }] });
    const silences = (await notifier.ask('GET', '/api/v2/silences')) as { status: { state: string } }[];
    expect(silences.map(({ status }) => status.state)).toEqual(['active']);
    await notifier.pass(60_000);
    expect(story.gists).toEqual(['firing told', 'firing refused']);
    await notifier.end(['told']);
    await notifier.pass(180_000);
    expect(story.gists).toEqual(['firing told', 'firing refused', 'resolved told', 'firing muted']);
    expect(await notifier.ask('GET', '/api/tocsin/v1/dead-letters')).toMatchObject({ deadLetters: [] });
  });
});
