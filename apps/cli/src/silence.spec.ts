import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SILENCE_ADD_FLAGS } from './silence-flags';
import { parseFlags } from './parse-flags';
import { silenceFromArguments } from './silence-add';
import { type GettableSilence } from './silence-text';
import { FakeNotifier } from './testing/fake-notifier';

const nowMs = Date.UTC(2026, 0, 1);

function silence(...argv: string[]) {
  const parsed = parseFlags(
    SILENCE_ADD_FLAGS.flatMap(({ flags }) => flags),
    argv,
    {},
  );
  if (!parsed.ok) throw new Error(parsed.error);
  return silenceFromArguments(parsed.flags, parsed.args, nowMs, 'me');
}

describe('silenceFromArguments', () => {
  it('reads matchers, times and texts', () => {
    const argv = [
      'Disk full',
      'a!=b',
      'c=~"x y.*"',
      'd!~z',
      '-c',
      'why',
      '-d2h',
      '--annotation',
      'ticket=A-1',
      '-ayou',
    ];
    expect(silence(...argv)).toEqual({
      matchers: [
        { name: 'alertname', value: 'Disk full', isRegex: false, isEqual: true },
        { name: 'a', value: 'b', isRegex: false, isEqual: false },
        { name: 'c', value: 'x y.*', isRegex: true, isEqual: true },
        { name: 'd', value: 'z', isRegex: true, isEqual: false },
      ],
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2026-01-01T02:00:00.000Z',
      createdBy: 'you',
      comment: 'why',
      annotations: { ticket: 'A-1' },
    });
  });

  it.each<[string, string[], Record<string, string>]>([
    ['an hour by the user', ['a=b', '-cx'], { endsAt: '2026-01-01T01:00:00.000Z', createdBy: 'me' }],
    [
      'a start and a length',
      ['a=b', '-cx', '--start=2026-01-02T00:00:00+01:00', '-d1d'],
      { startsAt: '2026-01-01T23:00:00.000Z', endsAt: '2026-01-02T23:00:00.000Z' },
    ],
    ['an end', ['a=b', '-cx', '--end=2026-02-01T00:00:00Z'], { endsAt: '2026-02-01T00:00:00.000Z' }],
    ['no comment where that is meant', ['a=b', '--no-require-comment'], { comment: '' }],
  ])('takes %s', (_, argv, expected) => expect(silence(...argv)).toMatchObject(expected));

  it.each<[string[], string]>([
    [['X', 'a'], 'bad matcher format: a'],
    [
      ['a=~[', '-cx'],
      'matcher 1, "a=~[": error parsing regexp: missing closing ]: `[)$`; expected name=value, name!=value, name=~regex or name!~regex',
    ],
    [['!~x', '-cx'], 'matcher 1, "!~x": '],
    [['{a="b"}', '-cx'], 'matcher 1, "{a=\\"b\\"}": unexpected open or close brace'],
    [['X', 'a', '-cx'], 'matcher 2, "a": bad matcher format: a; expected name=value'],
    [['X', '-cx', '--annotation=a'], 'annotations must be specified as name=value pairs: a'],
    [['X'], '--comment: say why, or add --no-require-comment'],
    [['X', '-cx', '-d0'], 'silence duration must be greater than 0'],
    [['X', '-cx', '--end=2025-01-01T00:00:00Z'], 'silence cannot start after it ends'],
    [['X', '-cx', '--start=now'], "--start: expected a time such as 2026-01-31T12:00:00Z, got 'now'"],
    [['X', '-cx', '--start=2026-99-01T00:00:00Z'], '--start: expected a time such as'],
    [['X', '-cx', '--annotation=a=~b'], 'annotations must be specified as name=value pairs: a=~b'],
  ])('refuses %j', (argv, message) => expect(() => silence(...argv)).toThrow(message));
});

const hourMs = 3_600_000;

function shown(id: string, endsInMs: number, overrides: Partial<GettableSilence> = {}): GettableSilence {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  return {
    id,
    status: { state: 'active' },
    updatedAt: at(-hourMs),
    startsAt: at(-hourMs),
    endsAt: at(endsInMs),
    createdBy: 'me',
    comment: 'because\nof it',
    matchers: [
      { name: 'alertname', value: 'X', isRegex: false, isEqual: true },
      { name: 'a', value: 'b.*', isRegex: true, isEqual: false },
    ],
    ...overrides,
  };
}

let notifier: FakeNotifier;
beforeEach(async () => (notifier = await FakeNotifier.start('"silence not found"')));
afterEach(() => notifier.stop());

const tocsin = (...argv: string[]) => notifier.tocsin(...argv);

describe('tocsin silence add', () => {
  it('prints the id', async () => {
    notifier.answers = { 'POST /api/v2/silences': { silenceID: 'new' } };
    expect(await tocsin('silence', 'add', 'X', '-c', 'why')).toEqual({ code: 0, out: 'new\n', err: '' });
    expect(JSON.parse(notifier.requests[0]!.body)).toMatchObject({ comment: 'why', createdBy: userInfo().username });
  });

  it('says what the notifier said', async () => {
    notifier.answers = {};
    expect(await tocsin('silence', 'add', 'X', '-c', 'why')).toMatchObject({
      code: 1,
      err: `tocsin: error: ${notifier.url} answered 404: silence not found\n`,
    });
  });
});

describe('tocsin silence query', () => {
  it('lists what the filter leaves, the one that ends first on top', async () => {
    const query = new URLSearchParams([
      ['filter', 'alertname="X"'],
      ['filter', 'a!~"b.*"'],
      ['expired', 'false'],
    ]).toString();
    const later = shown('later', 2 * hourMs);
    notifier.answers = {
      [`GET /api/v2/silences?${query}`]: [later, shown('soon', hourMs), shown('over', -5)],
    };
    const { code, out } = await tocsin('silence', 'query', 'X', 'a!~b.*');
    const [head, first, second, ...rest] = out.split('\n');
    expect([code, rest]).toEqual([0, ['']]);
    expect(head).toMatch(/^ID {5}Matchers +Ends At +Created By {2}Comment$/);
    expect(first).toMatch(
      /^soon {3}alertname="X" a!~"b\.\*" {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}me {10}because of it$/,
    );
    expect(second).toContain('later');
  });

  it.each<[string[], string]>([
    [['silence', '-q'], 'soon\nlater\n'],
    [['silence', 'query', '-q', '--within=90m'], 'soon\n'],
    [['silence', 'query', '-q', '--created-by=you'], 'later\n'],
    [['silence', 'query', '-q', '--id=soon'], 'soon\n'],
    [['silence', 'query', '-q', '--expired'], 'longOver\nover\n'],
    [['silence', 'query', '-q', '--expired', '--within=1h'], 'over\n'],
  ])('%j', async (argv, expected) => {
    const all = [
      shown('over', -5),
      shown('longOver', -2 * hourMs),
      shown('later', 2 * hourMs, { createdBy: 'you' }),
      shown('soon', hourMs),
    ];
    notifier.answers = {
      'GET /api/v2/silences?expired=false': all,
      'GET /api/v2/silences?active=false&pending=false': all,
    };
    expect(await tocsin(...argv)).toEqual({ code: 0, out: expected, err: '' });
  });

  it('prints JSON', async () => {
    const all = [shown('x', hourMs)];
    notifier.answers = { 'GET /api/v2/silences?expired=false': all };
    expect(JSON.parse((await tocsin('silence', '-o', 'json')).out)).toEqual(all);
  });
});

describe('tocsin silence update', () => {
  it('changes what the flags say, and shows the new id', async () => {
    const known = shown('x', hourMs, { annotations: { a: '1' }, startsAt: '2026-01-01T00:00:00.000Z' });
    notifier.answers = { 'GET /api/v2/silence/x': known, 'POST /api/v2/silences': { silenceID: 'y' } };
    expect(await tocsin('silence', 'update', 'x', '-q', '-d', '3h', '-c', 'new')).toEqual({
      code: 0,
      out: 'y\n',
      err: '',
    });
    const { status: _, updatedAt: __, ...body } = known;
    expect(JSON.parse(notifier.requests[1]!.body)).toEqual({
      ...body,
      endsAt: '2026-01-01T03:00:00.000Z',
      comment: 'new',
    });
  });

  it('leaves out what is not said', async () => {
    const known = shown('x', hourMs);
    notifier.answers = { 'GET /api/v2/silence/x': known, 'POST /api/v2/silences': { silenceID: 'x' } };
    await tocsin('silence', 'update', 'x', '--end=2999-01-01T00:00:00Z');
    const { status: _, updatedAt: __, ...body } = known;
    expect(JSON.parse(notifier.requests[1]!.body)).toEqual({ ...body, endsAt: '2999-01-01T00:00:00.000Z' });
  });
});

describe('tocsin silence expire', () => {
  it('ends all it can', async () => {
    notifier.answers = { 'DELETE /api/v2/silence/a': '', 'DELETE /api/v2/silence/c': '' };
    expect(await tocsin('silence', 'expire', 'a', 'b', 'c')).toEqual({
      code: 1,
      out: '',
      err: `tocsin: error: b: ${notifier.url} answered 404: silence not found\n`,
    });
    expect(notifier.requests.map(({ asked }) => asked)).toEqual(
      ['a', 'b', 'c'].map((id) => `DELETE /api/v2/silence/${id}`),
    );
  });

  it('wants an id', async () => {
    expect(await tocsin('silence', 'expire')).toMatchObject({ code: 1, err: expect.stringContaining('ID…') as string });
  });
});
