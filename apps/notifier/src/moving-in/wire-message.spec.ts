import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestamp, varint, type WireField, wireFile, wireMessage } from './testing/wire-bytes';
import { splitMessages, WireError, WireMessage } from './wire-message';

const parse = (...fields: WireField[]): WireMessage => WireMessage.parse(wireMessage(fields));

describe('WireMessage', () => {
  it('reads text, numbers and messages, and gives defaults for what is missing', () => {
    const message = parse([1, 'Zürich'], [2, 2n ** 64n - 1n], [16, [[1, 'inner']]]);
    expect([message.text(1), message.integer(2), message.message(16)?.text(1)]).toEqual([
      'Zürich',
      2n ** 64n - 1n,
      'inner',
    ]);
    expect([message.text(9), message.integer(9), message.message(9), message.messages(9)]).toEqual([
      '',
      0n,
      undefined,
      [],
    ]);
    expect([message.has(1), message.has(9)]).toEqual([true, false]);
  });

  it('reads the last value of a single field', () => {
    expect(parse([1, 'a'], [1, 'b']).text(1)).toBe('b');
  });

  it('reads doubles', () => {
    expect(parse([3, { double: -1.5 }]).double(3)).toBe(-1.5);
  });

  it('reads repeated numbers, packed or one by one', () => {
    const packed = Buffer.concat([varint(1), varint(2n ** 63n)]);
    expect(parse([6, packed], [6, 3]).integers(6)).toEqual([1n, 2n ** 63n, 3n]);
  });

  it.each<[string, () => unknown]>([
    ['a text that is a number', () => parse([1, 5]).text(1)],
    ['a number that is a text', () => parse([1, 'x']).integer(1)],
    ['a text that is not UTF-8', () => parse([1, Uint8Array.of(0xff)]).text(1)],
    ['a double of four bytes', () => parse([1, 'abcd']).double(1)],
    ['a message that is text', () => parse([1, 'hello']).message(1)],
    ['a length beyond the end', () => WireMessage.parse(Uint8Array.of(0x0a, 5, 1))],
    ['a number without an end', () => WireMessage.parse(Uint8Array.of(0x08, 0x80))],
    [
      'a number of eleven bytes',
      () => WireMessage.parse(Uint8Array.of(0x08, ...Array.from({ length: 11 }, () => 0x80), 0)),
    ],
    ['groups, which proto3 does not have', () => WireMessage.parse(Uint8Array.of(0x0b))],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow(WireError);
  });

  it('fails in no other way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          for (const message of splitMessages(bytes).messages) WireMessage.parse(message).messages(1);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});

describe('splitMessages', () => {
  const file = wireFile([[[1, 'one']], [], [[1, timestamp(1)]]]);

  it('gives every message, empty ones included', () => {
    const { messages, isCut } = splitMessages(file);
    expect(isCut).toBe(false);
    expect(messages.map((bytes) => [bytes.length > 0, WireMessage.parse(bytes).has(1)])).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ]);
  });

  it('gives what is whole of a file that was cut', () => {
    const { messages, isCut } = splitMessages(file.subarray(0, file.length - 1));
    expect([messages.length, isCut]).toEqual([2, true]);
  });

  it('takes an empty file for no messages', () => {
    expect(splitMessages(new Uint8Array())).toEqual({ messages: [], isCut: false });
  });
});
