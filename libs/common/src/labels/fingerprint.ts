import { type Labels, sortedNames } from './label-set';

/**
 * Identity of a label set: FNV-1a 64 over name, 0xFF, value, 0xFF of each label in byte order of the names, as 16
 * lower-case hex digits. Source: Prometheus `model.LabelSet.Fingerprint`; the API shows it.
 */
export function fingerprint(labels: Labels): string {
  const names = sortedNames(labels);
  return fingerprintOfAscii(labels, names) ?? fingerprintOfAny(labels, names);
}

/** Null when a character is beyond ASCII. One loop on local variables takes half the time of the functions below, and
 *  every alert that comes in is hashed. */
function fingerprintOfAscii(labels: Labels, names: readonly string[]): string | null {
  let upper = 0xcbf29ce4 | 0;
  let lower = 0x84222325 | 0;
  for (let part = 0; part < 2 * names.length; part++) {
    const name = names[part >> 1]!;
    const text = (part & 1) === 0 ? name : labels[name]!;
    for (let at = 0; at <= text.length; at++) {
      const byte = at === text.length ? 0xff : text.charCodeAt(at);
      if (byte > 127 && at < text.length) return null;
      const mixed = lower ^ byte;
      const first = (mixed & 0xffff) * 0x1b3;
      const second = (mixed >>> 16) * 0x1b3 + (first >>> 16);
      upper = (Math.imul(upper, 0x1b3) + (second >>> 16) + (mixed << 8)) | 0;
      lower = (second << 16) | (first & 0xffff);
    }
  }
  return hex8(upper) + hex8(lower);
}

function fingerprintOfAny(labels: Labels, names: readonly string[]): string {
  reset();
  for (const name of names) {
    addText(name);
    addByte(0xff);
    addText(labels[name]!);
    addByte(0xff);
  }
  return digest();
}

/** FNV-1a 64 of the UTF-8 bytes of a text, 16 lower-case hex digits: for ids made of text. */
export function fnv1a64Hex(text: string): string {
  reset();
  addText(text);
  return digest();
}

// The hash as two halves, in module variables: returning both from a function would allocate for every character.
let high = 0;
let low = 0;

function reset(): void {
  high = 0xcbf29ce4 | 0;
  low = 0x84222325 | 0;
}

/** One step: xor, then multiply by 2^40 + 0x1b3 modulo 2^64, in 16-bit limbs so that all stays in 32-bit integers. */
function addByte(byte: number): void {
  const mixed = low ^ byte;
  const first = (mixed & 0xffff) * 0x1b3;
  const second = (mixed >>> 16) * 0x1b3 + (first >>> 16);
  high = (Math.imul(high, 0x1b3) + (second >>> 16) + (mixed << 8)) | 0;
  low = (second << 16) | (first & 0xffff);
}

function addText(text: string): void {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 127) {
      for (const byte of Buffer.from(text.slice(at))) addByte(byte);
      return;
    }
    addByte(unit);
  }
}

function digest(): string {
  return hex8(high) + hex8(low);
}

/** Every 16 bits in hex: text made of four of them is several times as quick as formatting numbers. */
const HEX4 = Array.from({ length: 0x10000 }, (_, bits) => bits.toString(16).padStart(4, '0'));

function hex8(half: number): string {
  return HEX4[half >>> 16]! + HEX4[half & 0xffff]!;
}
