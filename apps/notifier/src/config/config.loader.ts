import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { findingText, type YamlFinding } from '@tocsin/common/config/yaml-document';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { openTemplates } from '../templates/open-templates.loader';
import { checkConfig } from './check-config';
import { compileConfig, resolvePaths } from './compile-config';
import { DEFAULT_RETENTION_MS } from './lint-config';
import { type LintFinding } from './lint-finding';
import { lintTemplates } from './lint-templates';
import { type NotifierConfig } from './notifier-config';
import { type ConfigFile } from './notifier-config.schema';

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

/** Checks the text of an `alertmanager.yml` and the files of its templates; relative names in it are seen from `folder`. */
export async function readConfig(
  text: string,
  folder: string,
  matcherMode: MatcherMode,
  retentionMs: number = DEFAULT_RETENTION_MS,
): Promise<LoadedConfig> {
  const checked = checkConfig(text, matcherMode, retentionMs);
  if (!checked.ok) return checked;
  const { document, warnings } = checked;
  const file = resolvePaths(checked.file, folder);
  const opened = await openTemplates(file.templates, usesHandlebars(file));
  if (!opened.ok) {
    return {
      ok: false,
      findings: opened.problems.map(({ at, message }) => document.finding(['templates', at], message)),
    };
  }
  const config = compileConfig(file, text, checked.lint, opened.templates);
  const lint = [...config.lint, ...lintTemplates(config, document)].sort(inFileOrder);
  return { ok: true, config: { ...config, lint }, warnings };
}

function usesHandlebars({ global, receivers }: ConfigFile): boolean {
  return [global.template_language, ...receivers.map(({ templateLanguage }) => templateLanguage)].includes(
    'handlebars',
  );
}

function inFileOrder(a: LintFinding, b: LintFinding): number {
  return a.line - b.line || a.column - b.column;
}

/** One line for each finding: `FILE:LINE:COL: message`. */
export function findingLines(file: string, findings: readonly YamlFinding[]): string {
  return findings.map((finding) => findingText(file, finding)).join('\n');
}
