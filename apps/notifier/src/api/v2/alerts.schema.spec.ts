import { parseJsonBody } from '@tocsin/common/http/json-body';
import { type Problem } from '@tocsin/common/http/http.errors';
import { describe, expect, it } from 'vitest';
import { parsePostedAlerts, type PostDefaults } from './alerts.schema';

const nowMs = Date.UTC(2026, 0, 1);
const defaults: PostDefaults = { nowMs, resolveTimeoutMs: 300_000, labelNames: 'utf8' };

const parse = (body: unknown, overrides: Partial<PostDefaults> = {}) =>
  parsePostedAlerts(parseJsonBody(typeof body === 'string' ? body : JSON.stringify(body)), {
    ...defaults,
    ...overrides,
  });

function posted(body: unknown, overrides?: Partial<PostDefaults>) {
  const parsed = parse(body, overrides);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.posted;
}

const labels = { alertname: 'A' };
const iso = (ms: number) => new Date(ms).toISOString();

describe('defaults', () => {
  it.each([
    ['neither time', {}, nowMs, nowMs + 300_000, true],
    ['no end', { startsAt: iso(nowMs - 5) }, nowMs - 5, nowMs + 300_000, true],
    ['no start', { endsAt: iso(nowMs + 7) }, nowMs + 7, nowMs + 7, false],
    ['both times', { startsAt: iso(nowMs - 5), endsAt: iso(nowMs + 7) }, nowMs - 5, nowMs + 7, false],
    [
      "Go's zero times",
      { startsAt: '0001-01-01T00:00:00Z', endsAt: '0001-01-01T00:00:00Z' },
      nowMs,
      nowMs + 300_000,
      true,
    ],
    ['null times', { startsAt: null, endsAt: null }, nowMs, nowMs + 300_000, true],
    ['an empty start', { startsAt: '' }, 0, nowMs + 300_000, true],
  ])('%s', (_, times, startsAtMs, endsAtMs, timeout) => {
    expect(posted([{ labels, ...times }]).alerts).toMatchObject([
      { startsAtMs, endsAtMs, timeout, updatedAtMs: nowMs },
    ]);
  });

  it('fills in the rest', () => {
    expect(posted([{ labels }]).alerts).toEqual([
      {
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        labels,
        annotations: {},
        startsAtMs: nowMs,
        endsAtMs: nowMs + 300_000,
        updatedAtMs: nowMs,
        generatorURL: '',
        timeout: true,
        startsAtOffsetMin: 0,
        endsAtOffsetMin: 0,
      },
    ]);
  });

  it('keeps the offsets times were written in', () => {
    const [alert] = posted([
      { labels, startsAt: '2026-01-01T02:00:00+02:00', endsAt: '2026-01-01T00:30:00-01:30' },
    ]).alerts;
    expect(alert).toMatchObject({
      startsAtMs: nowMs,
      startsAtOffsetMin: 120,
      endsAtMs: nowMs + 7_200_000,
      endsAtOffsetMin: -90,
    });
  });

  it('removes labels without a value, keeps such annotations, reads null as empty', () => {
    const [alert] = posted('[{"labels":{"a":"b","c":"","d":null},"annotations":{"e":"","f":null}}]').alerts;
    expect(alert).toMatchObject({ labels: { a: 'b' }, annotations: { e: '', f: '' } });
    expect(Object.keys(alert?.labels ?? {})).toEqual(['a']);
  });

  it('finds fields in any case and ignores others', () => {
    expect(posted([{ Labels: labels, ENDSAT: iso(nowMs + 1), __proto__x: 1, status: {} }]).alerts).toMatchObject([
      { labels, endsAtMs: nowMs + 1 },
    ]);
  });

  it('gives equal labels the same fingerprint, whatever their order', () => {
    const { alerts } = posted([{ labels: { b: '1', a: '2' } }, { labels: { a: '2', b: '1', c: '' } }]);
    expect(alerts[0]?.fingerprint).toBe(alerts[1]?.fingerprint);
  });

  it('takes __proto__ and constructor for label names', () => {
    const [alert] = posted('[{"labels":{"__proto__":"p","constructor":"c"},"__proto__":{"labels":{}}}]').alerts;
    expect(Object.entries(alert?.labels ?? {})).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(alert?.fingerprint).not.toBe(posted([{ labels: { constructor: 'c' } }]).alerts[0]?.fingerprint);
  });

  it.each([['null'], ['[]']])('%s is no alert', (body) => expect(posted(body).alerts).toEqual([]));
});

describe('received', () => {
  it('counts by state, refused ones included', () => {
    const { received, invalid } = posted([{ labels }, { labels, endsAt: iso(nowMs) }, { labels: {} }]);
    expect(received).toEqual({ firing: 2, resolved: 1 });
    expect(invalid).toHaveLength(1);
  });
});

describe('validation', () => {
  it.each([
    [
      'an end before the start',
      { labels, startsAt: iso(nowMs), endsAt: iso(nowMs - 1) },
      'start time must be before end time',
    ],
    ['no labels', { labels: {} }, 'at least one label pair required'],
    ['only empty labels', { labels: { a: '' } }, 'at least one label pair required'],
    ['an empty label name', { labels: { '': 'x' } }, 'invalid label set: invalid name ""'],
    ['an empty annotation name', { labels, annotations: { '': 'x' } }, 'invalid annotations: invalid name ""'],
  ])('refuses %s', (_, alert, message) => {
    const { alerts, invalid } = posted([alert, { labels: { other: 'x' } }]);
    expect(invalid).toEqual([message]);
    expect(alerts).toMatchObject([{ labels: { other: 'x' } }]);
  });

  it.each([
    ['a UTF-8 label name', { labels: { 'é b': 'x' } }, 'invalid label set: invalid name "é b"'],
    ['a UTF-8 annotation name', { labels, annotations: { '1a': 'x' } }, 'invalid annotations: invalid name "1a"'],
  ])('takes %s, but not in classic mode', (_, alert, message) => {
    expect(posted([alert]).invalid).toEqual([]);
    expect(posted([alert], { labelNames: 'classic' }).invalid).toEqual([message]);
  });

  it('an end equal to the start is allowed', () => {
    expect(posted([{ labels, startsAt: iso(nowMs), endsAt: iso(nowMs) }]).invalid).toEqual([]);
  });
});

describe('bodies of another shape', () => {
  const unreadable = (reason: string): Problem => ({ kind: 'unreadable-body', name: 'alerts', reason });
  const cannot = (kind: string, target: string) => unreadable(`json: cannot unmarshal ${kind} into Go ${target}`);
  const required = (where: string): Problem => ({ kind: 'required', where });
  const noUri = (where: string, value: string): Problem => ({ kind: 'wrong-format', where, format: 'uri', value });

  it.each<[string, Problem]>([
    ['', required('alerts in body')],
    ['[', unreadable('unexpected EOF')],
    ['{}', cannot('object', 'value of type models.PostableAlerts')],
    ['"x"', cannot('string', 'value of type models.PostableAlerts')],
    ['true', cannot('bool', 'value of type models.PostableAlerts')],
    ['[1]', cannot('number', 'value of type models.PostableAlert')],
    ['[[]]', cannot('array', 'value of type models.PostableAlert')],
    ['[null]', required('0 in body')],
    ['[{}]', required('0.labels in body')],
    ['[{"labels":{"a":"b"}},{"labels":null}]', required('1.labels in body')],
    ['[{"labels":[]}]', cannot('array', 'struct field Alert.labels of type models.LabelSet')],
    ['[{"labels":{"a":1}}]', cannot('number', 'struct field Alert.labels of type string')],
    ['[{"labels":{"a":{}}}]', cannot('object', 'struct field Alert.labels of type string')],
    ['[{"labels":{"a":"b"},"annotations":5}]', cannot('number', 'struct field .annotations of type models.LabelSet')],
    ['[{"labels":{"a":"b"},"annotations":{"x":false}}]', cannot('bool', 'struct field .annotations of type string')],
    ['[{"labels":{"a":"b"},"startsAt":5}]', cannot('number', 'struct field .startsAt of type string')],
    ['[{"labels":{"a":"b"},"endsAt":{}}]', cannot('object', 'struct field .endsAt of type string')],
    ['[{"labels":{"a":"b"},"generatorURL":5}]', cannot('number', 'struct field Alert.generatorURL of type string')],
    ['[{"labels":{"a":"b"},"generatorURL":"foo"},{}]', noUri('0.generatorURL in body', 'foo')],
    ['[{"generatorURL":"foo"}]', noUri('0.generatorURL in body', 'foo')],
    ['[{},{"labels":"x"}]', cannot('string', 'struct field Alert.labels of type models.LabelSet')],
  ])('%s', (body, problem) => expect(parse(body)).toEqual({ ok: false, problem }));

  it('a request without a body', () => {
    expect(parsePostedAlerts(undefined, defaults)).toEqual({ ok: false, problem: required('alerts in body') });
  });

  it('an unreadable time is told as it came', () => {
    const parsed = parse([{ labels, startsAt: 'yesterday' }]);
    expect(parsed).toMatchObject({
      ok: false,
      problem: { kind: 'unreadable-body', reason: expect.stringContaining('"yesterday"') },
    });
  });
});
