import { readFile, stat } from 'node:fs/promises';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { decodeDocument } from '@tocsin/common/config/decode';
import { hasWildcard } from '@tocsin/common/config/file-pattern';
import { filesMatching } from '@tocsin/common/config/file-pattern.loader';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { type YamlFinding } from '@tocsin/common/config/yaml-document';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { type LabelNameMode } from '@tocsin/common/labels/label-set';
import { reasonOf } from '@tocsin/common/log/log';
import { compileRules, type RuleDefaults } from './compile-rules';
import { checkRuleFile, ruleFile } from './rule-file.schema';
import { type RuleGroup } from './rule-group';

export type LoadedRules = { ok: true; groups: readonly RuleGroup[] } | { ok: false; errors: readonly string[] };

export interface RuleLoadOptions {
  readonly defaults: RuleDefaults;
  readonly nameMode: LabelNameMode;
}

/** Reads the rule files that the paths and patterns name; finds all mistakes of all files. */
export async function loadRuleFiles(patterns: readonly string[], options: RuleLoadOptions): Promise<LoadedRules> {
  const errors: string[] = [];
  const files = new Set<string>();
  for (const pattern of patterns) {
    try {
      for (const file of await filesOf(pattern)) files.add(file);
    } catch (error) {
      errors.push(reasonOf(error));
    }
  }
  const groups: RuleGroup[] = [];
  for (const file of files) {
    const loaded = await loadRuleFile(file, options);
    if (loaded.ok) groups.push(...loaded.groups);
    else errors.push(...loaded.errors);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, groups };
}

/** Reads one rule file. */
export async function loadRuleFile(file: string, options: RuleLoadOptions): Promise<LoadedRules> {
  try {
    return parseRuleFile(file, await readFile(file, 'utf8'), options);
  } catch (error) {
    return { ok: false, errors: [`${file}: ${fileReason(error)}`] };
  }
}

/** Reads the text of a rule file. */
export function parseRuleFile(file: string, text: string, { defaults, nameMode }: RuleLoadOptions): LoadedRules {
  const failed = (findings: readonly YamlFinding[]): LoadedRules => {
    const errors = findings.map(({ line, column, message }) => `${file}: ${line}:${column}: ${message}`);
    return { ok: false, errors };
  };
  const parsed = parseYaml(text);
  if (!parsed.ok) return failed(parsed.findings);
  const decoded = decodeDocument(parsed.document, ruleFile);
  if (!decoded.ok) return failed(decoded.findings);
  const findings = checkRuleFile(decoded.value, parsed.document, nameMode);
  return findings.length > 0 ? failed(findings) : { ok: true, groups: compileRules(file, decoded.value, defaults) };
}

async function filesOf(pattern: string): Promise<string[]> {
  if (!hasWildcard(pattern)) {
    if (!(await isFile(pattern))) throw new Error(`${goQuote(pattern)} does not point to an existing file`);
    return [pattern];
  }
  return filesMatching(pattern);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  );
}
