import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { findingText, type YamlFinding } from '@tocsin/common/config/yaml-document';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { checkConfig } from './check-config';
import { compileConfig, resolvePaths } from './compile-config';
import { DEFAULT_RETENTION_MS } from './lint-config';
import { type NotifierConfig } from './notifier-config';

export type LoadedConfig =
  | { ok: true; config: NotifierConfig; warnings: readonly YamlFinding[] }
  /** All mistakes; the first is the one that Alertmanager would report. */
  | { ok: false; findings: readonly YamlFinding[] };

/** Reads and checks an `alertmanager.yml`; relative names in it are seen from its folder. */
export async function loadConfig(
  file: string,
  matcherMode: MatcherMode,
  retentionMs: number = DEFAULT_RETENTION_MS,
): Promise<LoadedConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return {
      ok: false,
      findings: [{ line: 1, column: 1, path: [], message: `cannot read the configuration: ${fileReason(error)}` }],
    };
  }
  return readConfig(text, dirname(file), matcherMode, retentionMs);
}

/** Checks the text of an `alertmanager.yml`; relative names in it are seen from `folder`. */
export function readConfig(
  text: string,
  folder: string,
  matcherMode: MatcherMode,
  retentionMs: number = DEFAULT_RETENTION_MS,
): LoadedConfig {
  const checked = checkConfig(text, matcherMode, retentionMs);
  if (!checked.ok) return checked;
  const config = compileConfig(resolvePaths(checked.file, folder), text, checked.lint);
  return { ok: true, config, warnings: checked.warnings };
}

/** One line for each finding: `FILE:LINE:COL: message`. */
export function findingLines(file: string, findings: readonly YamlFinding[]): string {
  return findings.map((finding) => findingText(file, finding)).join('\n');
}
