import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteOf, fromBytes, replaceInvalid, toBytes } from './bytes';

describe('bytes of a Go string', () => {
  it.each([
    ['', []],
    ['aé', [0x61, 0xc3, 0xa9]],
    ['\udcff', [0xff]],
    ['\udce2\udc82a', [0xe2, 0x82, 0x61]],
    ['€', [0xe2, 0x82, 0xac]],
    ['😀', [0xf0, 0x9f, 0x98, 0x80]],
    ['\udced\udca0\udc80', [0xed, 0xa0, 0x80]],
    ['\udcc0\udc80', [0xc0, 0x80]],
    ['\udcf4\udc90\udc80\udc80', [0xf4, 0x90, 0x80, 0x80]],
    ['\ufeffa', [0xef, 0xbb, 0xbf, 0x61]],
  ])('%j', (text, bytes) => {
    expect([...toBytes(text)]).toEqual(bytes);
    expect(fromBytes(Uint8Array.from(bytes))).toBe(text);
  });

  it('keeps any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toBytes(fromBytes(bytes))).toEqual(bytes);
      }),
    );
  });

  it('shows what is not UTF-8 as U+FFFD', () => {
    expect(replaceInvalid('a\udcffé😀\ud800')).toBe('a\ufffdé😀\ufffd');
    expect([...toBytes('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
  });

  it('knows the byte a surrogate stands for', () => {
    expect([byteOf('\udc80'), byteOf('\udcff'), byteOf('\udc7f'), byteOf('a'), byteOf('')]).toEqual([
      0x80,
      0xff,
      null,
      null,
      null,
    ]);
  });
});
