import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiverTestText } from './receivers-test';
import { FakeNotifier } from './testing/fake-notifier';

let notifier: FakeNotifier;
beforeEach(async () => (notifier = await FakeNotifier.start('there is no receiver "x"')));
afterEach(() => notifier.stop());

const path = 'POST /api/tocsin/v1/receivers/team%20%2F%20a/test';
const delivered = { integration: 'team / a/slack/0', outcome: 'delivered', durationMs: 12 };
const failed = { integration: 'team / a/email/0', outcome: 'failed', error: 'no\n mail', durationMs: 3_000 };
const bodies = () => notifier.requests.map(({ body }) => JSON.parse(body) as unknown);
const test = (...argv: string[]) => notifier.tocsin('receivers', 'test', ...argv);

describe('tocsin receivers test', () => {
  it('asks for a drill, and says that all went well', async () => {
    notifier.answers = { [path]: { receiver: 'team / a', integrations: [delivered] } };
    expect(await test('team / a')).toEqual({ code: 0, out: 'ok  team / a/slack/0  12 ms  delivered\n', err: '' });
    expect(bodies()).toEqual([{ annotations: {}, status: 'firing' }]);
  });

  it('fails when one fails', async () => {
    const answer = { receiver: 'team / a', integrations: [delivered, failed] };
    notifier.answers = { [path]: answer };
    expect(await test('team / a')).toEqual({
      code: 1,
      out: 'ok    team / a/slack/0  12 ms    delivered\nFAIL  team / a/email/0  3000 ms  no mail\n',
      err: '',
    });
    const { code, out } = await test('team / a', '-o', 'json');
    expect([code, JSON.parse(out)]).toEqual([1, answer]);
  });

  it('hands on what is to be told', async () => {
    notifier.answers = { [path]: { receiver: 'team / a', integrations: [delivered] } };
    const flags = [
      '--label',
      'alertname=X',
      '--label=a="b c"',
      '--annotation=summary=It is',
      '--integration',
      'slack/0',
    ];
    expect(await test('team / a', ...flags, '--resolved', '--no-resolve')).toMatchObject({ code: 0 });
    expect(bodies()).toEqual([
      {
        labels: { alertname: 'X', a: 'b c' },
        annotations: { summary: 'It is' },
        status: 'resolved',
        integration: 'slack/0',
        resolve: false,
      },
    ]);
  });

  it.each([
    ['a label that is none', ['x', '--label=a!=b'], /labels must be specified as name=value pairs: a!=b/],
    ['no name', [], /required argument 'NAME' not provided/],
    ['two names', ['x', 'y'], /expected one receiver, got y, too/],
    ['a receiver that is not there', ['x'], /answered 404: there is no receiver "x"/],
  ])('refuses %s', async (_, argv, message) => {
    const { code, out, err } = await test(...argv);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
  });

  it('says what else went out', () => {
    const integrations = [
      { ...delivered, outcome: 'delivered' as const, ended: true as const },
      { ...delivered, outcome: 'delivered' as const, degraded: 'template:\n :1' },
    ];
    expect(receiverTestText({ receiver: 'team', integrations })).toBe(
      'ok  team / a/slack/0  12 ms  delivered, and its end\n' +
        'ok  team / a/slack/0  12 ms  delivered, as a plain message: template: :1\n',
    );
  });
});
