import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSilenceSnapshot } from './silence-snapshot';
import { timestamp, type WireField, wireFile } from './testing/wire-bytes';

const startMs = Date.UTC(2026, 10, 21, 9);
const hour = 3_600_000;

/** Fields that all generations of the format share. */
const common: WireField[] = [
  [1, 'id-1'],
  [3, timestamp(startMs)],
  [4, timestamp(startMs + hour)],
  [5, timestamp(startMs + 1)],
];
const matcher = (type: number, name: string, value: string): WireField[] => [
  [1, type],
  [2, name],
  [3, value],
];
const entry = (...fields: WireField[]): WireField[] => [
  [1, fields],
  [2, timestamp(startMs + 5 * hour)],
];

describe('readSilenceSnapshot', () => {
  it('reads what Alertmanager 0.25 wrote', () => {
    const { items, faults } = readSilenceSnapshot(testdata('alertmanager-0.25.silences'));
    expect(faults).toEqual([]);
    const byId = [...items].sort((a, b) => a.silence.updatedAtMs - b.silence.updatedAtMs);
    expect(byId.map(({ silence }) => silence)).toEqual([
      {
        id: '50f32f0a-2621-43b7-9a6b-0a36ca0071be',
        matcherSets: [
          [
            { name: 'alertname', op: '=', value: 'DiskFull' },
            { name: 'job', op: '=~', value: 'node|host' },
          ],
        ],
        startsAtMs: Date.parse('2026-11-21T09:33:12.494Z'),
        endsAtMs: Date.parse('2026-12-21T09:33:12.486Z'),
        updatedAtMs: Date.parse('2026-11-21T09:33:12.494Z'),
        createdBy: 'ann@example.org',
        comment: 'planned work',
        annotations: {},
      },
      {
        id: '797c55f2-9e62-45af-8f2d-074386fd47b8',
        matcherSets: [
          [
            { name: 'severity', op: '!=', value: 'critical' },
            { name: 'alertname', op: '!~', value: 'Keep.*' },
            { name: 'city', op: '=', value: 'Zürich' },
          ],
        ],
        startsAtMs: Date.parse('2026-11-21T09:33:12.527Z'),
        endsAtMs: Date.parse('2026-12-21T09:33:12.526Z'),
        updatedAtMs: Date.parse('2026-11-21T09:33:12.527Z'),
        createdBy: 'Jürgen "J"',
        comment: 'naïve, two\nlines',
        annotations: {},
      },
      expect.objectContaining({ comment: 'pending', startsAtMs: Date.UTC(2027, 5, 1), endsAtMs: Date.UTC(2027, 5, 2) }),
      expect.objectContaining({
        comment: 'ended early',
        endsAtMs: expect.closeTo(Date.UTC(2026, 10, 21, 9, 33, 12, 600), -3) as number,
      }),
    ]);
    // Its --data.retention was the default, 120 h.
    for (const { silence, expiresAtMs } of items) expect(expiresAtMs).toBe(silence.endsAtMs + 120 * hour);
  });

  it.each<[string, WireField[], object]>([
    [
      'several matcher sets and annotations (0.32 and later)',
      [
        ...common,
        [2, matcher(0, 'a', '1')],
        [8, 'ann'],
        [9, 'work'],
        [
          10,
          [
            [1, 'ticket'],
            [2, 'OPS-1'],
          ],
        ],
        [
          10,
          [
            [1, '__proto__'],
            [2, 'x'],
          ],
        ],
        [
          11,
          [
            [1, matcher(0, 'a', '1')],
            [1, matcher(3, 'b', 'x.*')],
          ],
        ],
        [11, [[1, matcher(2, 'c', '')]]],
        [12, [[1, matcher(0, 'receiver', 'nobody')]]],
      ],
      {
        matcherSets: [
          [
            { name: 'a', op: '=', value: '1' },
            { name: 'b', op: '!~', value: 'x.*' },
          ],
          [{ name: 'c', op: '!=', value: '' }],
        ],
        createdBy: 'ann',
        comment: 'work',
        annotations: JSON.parse('{"ticket":"OPS-1","__proto__":"x"}') as object,
      },
    ],
    [
      'one list of matchers (0.7 to 0.31)',
      [...common, [2, matcher(1, 'a', 'x|y')], [8, 'ann'], [9, 'work']],
      { matcherSets: [[{ name: 'a', op: '=~', value: 'x|y' }]], createdBy: 'ann', comment: 'work', annotations: {} },
    ],
    [
      'a list of comments (before 0.7)',
      [
        ...common,
        [2, matcher(0, 'a', '1')],
        [
          7,
          [
            [1, 'ann'],
            [2, 'first'],
            [3, timestamp(startMs)],
          ],
        ],
        [
          7,
          [
            [1, 'bob'],
            [2, 'second'],
          ],
        ],
      ],
      { createdBy: 'ann', comment: 'first' },
    ],
    ['unknown fields of later versions', [...common, [2, matcher(0, 'a', '1')], [99, 'new'], [98, 7]], { id: 'id-1' }],
  ])('reads %s', (_, fields, expected) => {
    const { items, faults } = readSilenceSnapshot(wireFile([entry(...fields)]));
    expect(faults).toEqual([]);
    expect(items).toEqual([{ silence: expect.objectContaining(expected) as object, expiresAtMs: startMs + 5 * hour }]);
    expect(items[0]?.silence).toMatchObject({
      id: 'id-1',
      startsAtMs: startMs,
      endsAtMs: startMs + hour,
      updatedAtMs: startMs + 1,
    });
  });

  it.each<[string, WireField[], string]>([
    ['nothing', [], 'it holds no silence'],
    ['no id', entry(...common.slice(1), [2, matcher(0, 'a', '1')]), 'it has no id'],
    ['no end', entry([1, 'x'], [3, timestamp(0)], [2, matcher(0, 'a', '1')]), 'it has no end'],
    ['no expiry', [[1, [...common, [2, matcher(0, 'a', '1')]]]], 'it has no expiry'],
    ['no matchers', entry(...common), 'it has no matchers'],
    ['an empty matcher set', entry(...common, [11, [[1, matcher(0, 'a', '1')]]], [11, []]), 'it has no matchers'],
    ['an unknown matcher type', entry(...common, [2, matcher(4, 'a', '1')]), 'a matcher is of an unknown type'],
    ['a matcher without a name', entry(...common, [2, matcher(0, '', '1')]), 'a matcher has no name'],
    [
      'a pattern that does not compile',
      entry(...common, [2, matcher(1, 'a', '(')]),
      'error parsing regexp: missing closing ): `^(?:()$`',
    ],
    [
      'text that is not UTF-8',
      entry(...common, [2, matcher(0, 'a', '1')], [9, Uint8Array.of(0xff)]),
      'field 9 is not UTF-8',
    ],
  ])('leaves out an entry with %s and goes on', (_, bad, why) => {
    const good = entry([1, 'good'], ...common.slice(1), [2, matcher(0, 'a', '1')]);
    const { items, faults } = readSilenceSnapshot(wireFile([bad, good]));
    expect(items.map(({ silence }) => silence.id)).toEqual(['good']);
    expect(faults).toEqual([`entry 1: ${why}`]);
  });

  it('counts the later of two entries with one id', () => {
    const twice = ['old', 'new'].map((comment) => entry(...common, [2, matcher(0, 'a', '1')], [9, comment]));
    expect(readSilenceSnapshot(wireFile(twice)).items.map(({ silence }) => silence.comment)).toEqual(['new']);
  });

  it('reads what is whole of a file that was cut, at whatever byte', () => {
    const file = testdata('alertmanager-0.25.silences');
    for (let length = 1; length < file.length; length++) {
      const { items, faults } = readSilenceSnapshot(file.subarray(0, length));
      expect(items.length).toBeLessThan(4);
      if (faults.length > 0) expect(faults).toEqual([`entry ${items.length + 1}: the file ends too early`]);
    }
  });

  it('takes rubbish for faults', () => {
    const { items, faults } = readSilenceSnapshot(Buffer.from('this is no protobuf at all'));
    expect(items).toEqual([]);
    expect(faults).not.toEqual([]);
  });
});

function testdata(name: string): Uint8Array {
  return readFileSync(new URL(`testdata/${name}`, import.meta.url));
}
