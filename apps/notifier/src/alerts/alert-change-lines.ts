import { type BookChange } from './replica';

/** One line of a change-stream entry, as `commitAlerts` writes it: everything but the bodies. */
export type ChangeLine =
  | { kind: 'store'; fingerprint: string }
  | { kind: 'touch'; fingerprint: string; version: number; endsAtMs: number; updatedAtMs: number }
  | Extract<BookChange, { kind: 'settle' | 'forget' }>;

/** Lines of a kind this version does not know are of a newer one; they are left out. */
export function parseChangeLines(text: string): ChangeLine[] {
  return text.split('\n').flatMap((line) => parseLine(line.split(' ')) ?? []);
}

function parseLine([
  kind,
  fingerprint = '',
  first = '',
  second = '',
  third = '',
]: readonly string[]): ChangeLine | null {
  switch (kind) {
    case 's':
      return { kind: 'store', fingerprint };
    case 't':
      return {
        kind: 'touch',
        fingerprint,
        version: Number(first),
        endsAtMs: Number(second),
        updatedAtMs: Number(third),
      };
    case 'd':
      return { kind: 'settle', fingerprint, version: Number(first), groupId: second };
    case 'f':
      return { kind: 'forget', fingerprint };
    default:
      return null;
  }
}
