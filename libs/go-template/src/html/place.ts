import type { Source } from '../ast';
import { byteLength } from '../go-string';
import type { Place } from './context';

/** Where a position of a template is, as Go's errors count. */
export function placeOf({ name, text }: Source, pos: number): Place {
  const before = text.slice(0, pos);
  const lines = before.split('\n');
  return { name, line: lines.length, column: byteLength(lines.at(-1) ?? '') };
}
