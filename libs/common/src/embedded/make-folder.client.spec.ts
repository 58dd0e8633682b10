import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from './make-folder.client';

let base: string;
beforeEach(() => (base = mkdtempSync(join(tmpdir(), 'tocsin-folder-'))));
afterEach(() => rmSync(base, { recursive: true }));

it('makes a folder and those above it, and leaves one that is there', () => {
  const path = join(base, 'a/b/c');
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it.runIf(process.platform === 'linux').each(['/proc/x', '/proc/x/y'])('refuses %s at once', (path) => {
  expect(() => makeFolder(path)).toThrow('no folder can be made in /proc');
});

it('refuses a file, and what is below one', () => {
  const file = join(base, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(`${file} is no folder`);
  expect(() => makeFolder(join(file, 'x'))).toThrow(`${file} is no folder`);
});
