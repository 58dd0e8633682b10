import { DecodeContext } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { type YamlDocument, type YamlFinding, type YamlPath } from '@tocsin/common/config/yaml-document';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { checkSections } from './check-sections';
import { DEFAULT_RETENTION_MS, lintConfig } from './lint-config';
import { type LintFinding } from './lint-finding';
import { type ConfigFile, configDecoder } from './notifier-config.schema';
import { orderFindings } from './order-findings';

export type CheckedConfig =
  | {
      ok: true;
      file: ConfigFile;
      document: YamlDocument;
      /** What may be read differently than it was meant. */
      warnings: readonly YamlFinding[];
      /** What is clear and yet hardly meant. */
      lint: readonly LintFinding[];
    }
  /** All mistakes; the first is the one that Alertmanager would report. */
  | { ok: false; findings: readonly YamlFinding[] };

/** Reads the text of an `alertmanager.yml`; `retentionMs` is how long notifications are remembered. */
export function checkConfig(
  text: string,
  matcherMode: MatcherMode,
  retentionMs: number = DEFAULT_RETENTION_MS,
): CheckedConfig {
  const parsed = parseYaml(text);
  if (!parsed.ok) return parsed;
  const { document } = parsed;
  const warnings: YamlFinding[] = [];
  const onWarning = (path: YamlPath, message: string): void => void warnings.push(document.finding(path, message));
  const decoding = new DecodeContext(document);
  const file = configDecoder({ matcherMode, onWarning }).decode(document.root, decoding);
  const findings = allFindings(document, decoding);
  if (findings.length > 0 || file === undefined) return { ok: false, findings };
  return { ok: true, file, document, warnings, lint: lintConfig(file, document, retentionMs) };
}

function allFindings(document: YamlDocument, decoding: DecodeContext): YamlFinding[] {
  return orderFindings(document, decoding.inOrderOfChecks(), checkSections(document));
}
