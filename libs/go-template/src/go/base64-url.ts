import { fromBytes, toBytes } from './bytes';
import type { TextRead } from './url-escape';

/** The bytes of a text in base64 of the URL-safe alphabet, padded. Source: Go `base64.URLEncoding`. */
export function encodeBase64Url(text: string): string {
  const unpadded = Buffer.from(toBytes(text)).toString('base64url');
  return unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, '=');
}

/** Undoes it; line breaks are passed over. Source: Go `base64.URLEncoding`. */
export function decodeBase64Url(text: string): TextRead {
  const bytes = toBytes(text);
  const wrongAt = firstWrong(bytes);
  if (wrongAt !== null) return { ok: false, error: `illegal base64 data at input byte ${wrongAt}` };
  return { ok: true, text: fromBytes(Buffer.from(text, 'base64url')) };
}

/** Where Go finds fault: a foreign byte, padding too early or too short, or anything behind it. */
function firstWrong(bytes: Uint8Array): number | null {
  let inQuantum = 0;
  for (const [place, byte] of bytes.entries()) {
    if (isLineBreak(byte)) continue;
    if (byte === padding) return wrongPadding(bytes, place, inQuantum);
    if (!/[A-Za-z0-9\-_]/.test(String.fromCharCode(byte))) return place;
    inQuantum = (inQuantum + 1) % 4;
  }
  return inQuantum === 0 ? null : bytes.length - inQuantum;
}

function wrongPadding(bytes: Uint8Array, place: number, inQuantum: number): number | null {
  if (inQuantum < 2) return place;
  let next = afterLineBreaks(bytes, place + 1);
  if (inQuantum === 2) {
    if (next === bytes.length) return bytes.length;
    if (bytes[next] !== padding) return next - 1;
    next = afterLineBreaks(bytes, next + 1);
  }
  return next < bytes.length ? next : null;
}

const padding = 0x3d;

function isLineBreak(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function afterLineBreaks(bytes: Uint8Array, from: number): number {
  let place = from;
  while (isLineBreak(bytes[place])) place++;
  return place;
}
