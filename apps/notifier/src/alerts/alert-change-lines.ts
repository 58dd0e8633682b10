import { type BookChange } from './replica';

/** One line of a change-stream entry, as `commitAlerts` and `writeSilences` write it: everything but the bodies. */
export type ChangeLine =
  | { kind: 'store'; fingerprint: string }
  | { kind: 'touch'; fingerprint: string; version: number; endsAtMs: number; updatedAtMs: number }
  | Extract<BookChange, { kind: 'settle' | 'forget' }>
  | SilenceLine;

/** Says which silence changed. */
export type SilenceLine = { kind: 'silence'; id: string } | { kind: 'silence-gone'; id: string };

/** Lines of a kind this version does not know are of a newer one; they are left out. */
export function parseChangeLines(text: string): ChangeLine[] {
  return text.split('\n').flatMap((line) => parseLine(line.split(' ')) ?? []);
}

function parseLine([kind, name = '', first = '', second = '', third = '']: readonly string[]): ChangeLine | null {
  switch (kind) {
    case 's':
      return { kind: 'store', fingerprint: name };
    case 't':
      return {
        kind: 'touch',
        fingerprint: name,
        version: Number(first),
        endsAtMs: Number(second),
        updatedAtMs: Number(third),
      };
    case 'd':
      return { kind: 'settle', fingerprint: name, version: Number(first), groupId: second };
    case 'f':
      return { kind: 'forget', fingerprint: name };
    case 'S':
      return { kind: 'silence', id: name };
    case 'F':
      return { kind: 'silence-gone', id: name };
    default:
      return null;
  }
}
