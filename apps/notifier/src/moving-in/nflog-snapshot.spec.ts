import { readFileSync } from 'node:fs';
import { labelHash } from '@tocsin/common/labels/label-hash';
import { describe, expect, it } from 'vitest';
import { readNflogSnapshot } from './nflog-snapshot';
import { timestamp, varint, type WireField, wireFile } from './testing/wire-bytes';

const atMs = Date.UTC(2026, 10, 21, 9);
const hour = 3_600_000;
const down = (instance: string) => labelHash({ alertname: 'NodeDown', severity: 'critical', job: 'node', instance });

describe('readNflogSnapshot', () => {
  it('reads what Alertmanager 0.25 wrote, its hashes being ours', () => {
    const { items, faults } = readNflogSnapshot(
      readFileSync(new URL('testdata/alertmanager-0.25.nflog', import.meta.url)),
    );
    expect(faults).toEqual([]);
    const nodeDown = '{}/{severity="critical"}:{alertname="NodeDown"';
    const odd = { alertname: 'Odd "one"\n: {x}', env: 'test: "lab"', city: 'Genève' };
    const expected = [
      ['pager/webhook/0', `${nodeDown}, job="node"}`, [down('a')], [down('b')]],
      ['team/webhook/0', `${nodeDown}}`, [down('a')], [down('b')]],
      // It wants no ends, so it was not told of the second change.
      ['pager/webhook/1', `${nodeDown}, job="node"}`, [down('a'), down('b')], []],
      ['team/webhook/0', '{}:{alertname="Dropped"}', [], [labelHash({ alertname: 'Dropped', severity: 'info' })]],
      [
        'team/webhook/0',
        '{}/{env=~"dev|test: \\"lab\\""}:{alertname="Odd \\"one\\"\\n: {x}", city="Genève", env="test: \\"lab\\""}',
        [labelHash(odd)],
        [],
      ],
    ] as const;
    const found = items.map(({ integration, groupKey, firing, resolved }) => [integration, groupKey, firing, resolved]);
    expect(found).toHaveLength(expected.length);
    for (const one of expected) expect(found).toContainEqual(one);
    for (const { atMs: toldMs, expiresAtMs } of items) {
      expect(new Date(toldMs).toISOString()).toMatch(/^2026-11-21T09:33:(1[2-9]|2)/);
      // Twice its repeat_interval.
      expect(expiresAtMs).toBe(toldMs + 8 * hour);
    }
  });

  const receiver: WireField = [
    2,
    [
      [1, 'team/a'],
      [2, 'slack'],
      [3, 2],
    ],
  ];
  const entry = (...fields: WireField[]): WireField[] => [
    [1, fields],
    [2, timestamp(atMs + hour)],
  ];

  it('reads what the integration itself keeps (0.31 and later)', () => {
    const fields: WireField[] = [
      [1, '{}:{}'],
      receiver,
      [5, timestamp(atMs)],
      [6, varint(5)],
      [7, 6],
      [
        8,
        [
          [1, 'threadTs'],
          [2, [[1, '1700.5']]],
        ],
      ],
      [
        8,
        [
          [1, 'count'],
          [2, [[2, -3n]]],
        ],
      ],
      [
        8,
        [
          [1, 'ratio'],
          [2, [[3, { double: 0.5 }]]],
        ],
      ],
      [
        8,
        [
          [1, 'empty'],
          [2, [[1, '']]],
        ],
      ],
    ];
    expect(readNflogSnapshot(wireFile([entry(...fields)]))).toEqual({
      faults: [],
      items: [
        {
          groupKey: '{}:{}',
          receiver: 'team/a',
          integration: 'team/a/slack/2',
          atMs,
          firing: ['0000000000000005'],
          resolved: ['0000000000000006'],
          receiverData: { threadTs: '1700.5', count: -3, ratio: 0.5, empty: '' },
          expiresAtMs: atMs + hour,
        },
      ],
    });
  });

  it.each<[string, WireField[], string]>([
    ['nothing', [], 'it holds no notification'],
    ['no receiver', entry([1, '{}:{}'], [5, timestamp(atMs)]), 'it holds no notification'],
    ['no time', entry([1, '{}:{}'], receiver), 'it has no time'],
    [
      'a group key that is not UTF-8',
      entry([1, Uint8Array.of(0xc3)], receiver, [5, timestamp(atMs)]),
      'field 1 is not UTF-8',
    ],
  ])('leaves out an entry with %s and goes on', (_, bad, why) => {
    const good = entry([1, '{}:{}'], receiver, [5, timestamp(atMs)]);
    const { items, faults } = readNflogSnapshot(wireFile([good, bad]));
    expect(items).toHaveLength(1);
    expect(faults).toEqual([`entry 2: ${why}`]);
  });
});
