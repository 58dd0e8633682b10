import { describe, expect, it } from 'vitest';
import { NO_RECORD, type DeliveryIntent, type NotificationRecord, type Told } from '../pipeline/notification-record';
import { mergeTold } from './merge-told';

const told = (atMs: number, sequence: number, ...firing: string[]): Told => ({ sequence, atMs, firing, resolved: [] });

const record = (fields: Partial<NotificationRecord>): NotificationRecord => ({ ...NO_RECORD, revision: 3, ...fields });

const intent = (decidedAtMs: number, sequence: number): DeliveryIntent => ({
  sequence,
  reason: 'new alerts added',
  decidedAtMs,
  deadlineMs: decidedAtMs + 10_000,
  attempts: 0,
  lastError: null,
  alerts: [],
  group: {
    receiver: 'team',
    groupKey: '{}:{}',
    groupLabels: {},
    routeLabels: {},
    repeatIntervalMs: 1_000,
    lane: 'lane',
    revision: 1,
  },
});

describe('mergeTold', () => {
  it.each<[string, NotificationRecord, NotificationRecord, NotificationRecord | null]>([
    ['keeps what is stored where nothing was told here', record({ told: told(1, 1) }), record({}), null],
    ['keeps what was told later', record({ told: told(5, 1) }), record({ told: told(4, 9) }), null],
    ['keeps the same', record({ told: told(5, 1) }), record({ told: told(5, 1) }), null],
    [
      'takes what was told here later, with the highest sequence',
      record({ sequence: 9, told: told(5, 9, 'a') }),
      record({ sequence: 7, told: told(6, 7, 'b') }),
      record({ sequence: 9, told: told(6, 7, 'b') }),
    ],
    [
      'takes everything but the intent where nothing is stored',
      NO_RECORD,
      record({ sequence: 7, told: told(6, 7), intent: intent(7, 8), withdrawn: true }),
      record({ revision: 0, sequence: 7, told: told(6, 7) }),
    ],
    [
      'drops what was decided before it was told here',
      record({ sequence: 8, told: told(1, 7), intent: intent(5, 8) }),
      record({ sequence: 9, told: told(6, 9) }),
      record({ sequence: 9, told: told(6, 9) }),
    ],
    [
      'keeps what was decided later, and lets its answer count as newer',
      record({ sequence: 8, told: told(1, 7), intent: intent(7, 8) }),
      record({ sequence: 9, told: told(6, 9) }),
      record({ sequence: 9, told: told(6, 7), intent: intent(7, 8) }),
    ],
  ])('%s', (_, stored, local, merged) => expect(mergeTold(stored, local, 10)).toEqual(merged));

  describe('where both told it alone', () => {
    /** Decided at 5, unless it is said. */
    const said = (atMs: number, firing: string[], resolved: string[], open?: string[], sequence = 5): Told => ({
      sequence,
      atMs,
      firing,
      resolved,
      ...(open && { open }),
    });
    const merged = (a: Told, b: Told) => mergeTold(record({ told: a }), record({ told: b }), 0)?.told ?? a;

    it.each<[string, Told, Told, Told]>([
      [
        'adds what the later one does not mention',
        said(5, ['a'], ['b']),
        said(6, ['c'], []),
        said(6, ['c', 'a'], ['b']),
      ],
      ['goes by the later one otherwise', said(5, ['a'], ['b']), said(6, ['b'], ['a']), said(6, ['b'], ['a'])],
      [
        'on_muted: close: what only one takes for over may be open, and is told again if it fires',
        said(5, ['a', 'b'], [], ['a', 'b']),
        said(6, ['a'], ['b'], ['a']),
        said(6, ['a'], ['b'], ['a', 'b']),
      ],
      [
        'on_muted: close: also where it was told to fire later',
        said(5, [], ['a'], []),
        said(6, ['a'], [], ['a']),
        said(6, [], [], ['a']),
      ],
      [
        'on_muted: close: what was decided when the other was heard is true',
        said(5, ['a', 'b'], [], ['a', 'b']),
        said(9, ['c'], ['a'], ['c'], 8),
        said(9, ['c', 'b'], ['a'], ['c', 'b'], 8),
      ],
    ])('%s', (_, earlier, later, expected) => {
      expect(merged(earlier, later)).toEqual(expected);
      expect(merged(later, earlier)).toEqual(expected);
      expect(merged(expected, earlier)).toEqual(expected);
      expect(merged(expected, later)).toEqual(expected);
    });
  });
});
