import { readFileSync } from 'node:fs';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { UsageError } from './command';

/** An argument more than this deep in files of arguments is a file that names itself. */
const MAX_DEPTH = 20;

/** Puts the lines of a file in place of an argument `@file`; lines that begin with `#` are left out. Source: kingpin,
 *  which reads Alertmanager's flags. After `--` nothing is expanded. */
export function expandArgs(argv: readonly string[], depth = 0): readonly string[] {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  const expanded = flags.flatMap((arg) => (arg.startsWith('@') ? argsOf(arg.slice(1), depth) : [arg]));
  return end < 0 ? expanded : [...expanded, ...argv.slice(end)];
}

function argsOf(file: string, depth: number): readonly string[] {
  if (file === '') throw new UsageError('expected @ file to expand arguments from');
  if (depth >= MAX_DEPTH) throw new UsageError(`arguments file "${file}" names itself`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`failed to open arguments file "${file}": ${fileReason(error)}`);
  }
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return expandArgs(
    lines.filter((line) => !line.startsWith('#')),
    depth + 1,
  );
}
