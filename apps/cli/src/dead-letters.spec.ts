import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterTable } from './dead-letters';
import { FakeNotifier } from './testing/fake-notifier';

const letter = (id: string, givenUpAt: string) => ({
  id,
  receiver: 'team',
  integration: 'team/webhook/0',
  group: 'g',
  groupKey: 'k',
  groupLabels: { job: 'db "1"', alertname: 'DiskFull' },
  reason: 'first notification',
  attempts: 4,
  error: 'unexpected status code 503:\n busy\n',
  givenUpAt,
});

let notifier: FakeNotifier;
beforeEach(async () => (notifier = await FakeNotifier.start('there is no dead letter "x"')));
afterEach(() => notifier.stop());

const tocsin = (...argv: string[]) => notifier.tocsin(...argv);

const base = '/api/tocsin/v1/dead-letters';

describe('tocsin dead-letters', () => {
  beforeEach(() => {
    notifier.answers = {
      [`GET ${base}?limit=1000&cursor=`]: { deadLetters: [letter('g-1', '2026-01-01T00:00:00.000Z')], next: 'g x/1' },
      [`GET ${base}?limit=1000&cursor=g%20x%2F1`]: {
        deadLetters: [letter('g-2', '2026-01-01T00:05:00.000Z')],
        next: null,
      },
      [`POST ${base}/g-1/replay`]: { replayed: 1, ended: 0 },
      [`POST ${base}/replay?receiver=team%20%26%20co`]: { replayed: 3, ended: 1 },
      [`DELETE ${base}/g-1`]: { dropped: 1 },
    };
  });

  it.each([[['dead-letters']], [['dead-letters', 'list']]])('%j lists all pages, newest first', async (argv) => {
    const { code, out } = await tocsin(...argv);
    expect([code, out.split('\n').map((line) => line.slice(0, 3))]).toEqual([0, ['ID ', 'g-2', 'g-1', '']]);
  });

  it.each([[['-o', 'json']], [['-ojson']], [['--output=json']]])('lists JSON with %j', async (flags) => {
    const { out } = await tocsin('dead-letters', ...flags);
    expect((JSON.parse(out) as { id: string }[]).map(({ id }) => id)).toEqual(['g-2', 'g-1']);
  });

  it('replays some, and says which it could not', async () => {
    expect(await tocsin('dead-letters', 'replay', 'x', 'g-1')).toEqual({
      code: 1,
      out: 'g-1 replayed\n',
      err: `tocsin: error: x: ${notifier.url} answered 404: there is no dead letter "x"\n`,
    });
  });

  it('replays all of a receiver', async () => {
    expect(await tocsin('dead-letters', 'replay', '--receiver=team & co')).toEqual({
      code: 0,
      out: '3 replayed\n1 left: their groups have ended, so nothing is left to tell; drop them\n',
      err: '',
    });
  });

  it.each([[[]], [['g-1', '--receiver=team']]])('does not guess what to replay: %j', async (argv) => {
    const { code, err } = await tocsin('dead-letters', 'replay', ...argv);
    expect([code, err]).toEqual([1, 'tocsin: error: expected either ids or --receiver\n']);
    expect(notifier.requests).toEqual([]);
  });

  it('drops', async () => {
    expect(await tocsin('dead-letters', 'drop', 'g-1')).toMatchObject({ code: 0, out: 'g-1 dropped\n' });
  });

  it('refuses what it does not know', async () => {
    expect((await tocsin('dead-letters', 'delete')).err).toBe(
      "tocsin: error: unknown command 'dead-letters delete': expected 'dead-letters list', 'dead-letters replay' or 'dead-letters drop', try --help\n",
    );
    expect((await tocsin('dead-letters', 'drop')).err).toBe(
      "tocsin: error: required argument 'ID…' not provided, try --help\n",
    );
    expect((await tocsin('dead-letters', '-x')).err).toBe("tocsin: error: unknown short flag '-x', try --help\n");
  });
});

it('the table is for people', () => {
  expect(deadLetterTable([])).toBe('There are no dead letters.\n');
  expect(deadLetterTable([letter('0123-4567', '2026-01-01T00:00:00.123Z')])).toBe(
    [
      'ID         INTEGRATION     GROUP                                   GIVEN UP              TRIES  ERROR',
      '0123-4567  team/webhook/0  {alertname="DiskFull", job="db \\"1\\""}  2026-01-01T00:00:00Z  4      unexpected status code 503: busy',
      '',
    ].join('\n'),
  );
});
