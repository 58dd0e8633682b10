import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fileReason } from './file-reason';

it.each([
  ['/nowhere/file', 'there is no such file'],
  [tmpdir(), 'it is a folder'],
  [`${fileURLToPath(import.meta.url)}/x`, 'a part of its path is no folder'],
  ['a\0b', /null bytes/],
])('says why %j cannot be read', (path, reason) => {
  try {
    readFileSync(path);
    expect.unreachable();
  } catch (error) {
    expect(fileReason(error)).toMatch(reason);
  }
});
