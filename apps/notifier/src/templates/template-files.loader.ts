import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isBadPattern } from '@tocsin/common/config/file-pattern';
import { filesMatching } from '@tocsin/common/config/file-pattern.loader';
import { fileReason } from '@tocsin/common/errors/file-reason';

/** A file that `templates` names. */
export interface TemplateFile {
  readonly path: string;
  /** Its last element: templates can be called by it. */
  readonly name: string;
  readonly text: string;
  /** Position of its pattern in `templates`. */
  readonly at: number;
}

export type ReadTemplates =
  | { readonly ok: true; readonly files: readonly TemplateFile[] }
  /** By the position in `templates`. */
  | { readonly ok: false; readonly problems: readonly { readonly at: number; readonly message: string }[] };

/** Reads the files of all patterns, those of one in order. A pattern without files is no mistake. Source: Alertmanager,
 *  `template.FromGlobs`. */
export async function readTemplateFiles(patterns: readonly string[]): Promise<ReadTemplates> {
  const files: TemplateFile[] = [];
  const problems: { at: number; message: string }[] = [];
  for (const [at, pattern] of patterns.entries()) {
    if (isBadPattern(pattern)) {
      problems.push({ at, message: 'syntax error in pattern' });
      continue;
    }
    for (const path of await filesMatching(pattern)) {
      try {
        files.push({ path, name: basename(path), text: await readFile(path, 'utf8'), at });
      } catch (error) {
        problems.push({ at, message: `${path}: ${fileReason(error)}` });
      }
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, files };
}
