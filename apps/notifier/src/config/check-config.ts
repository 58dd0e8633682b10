import { DecodeContext } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { type YamlDocument, type YamlFinding, type YamlPath } from '@tocsin/common/config/yaml-document';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { type MatcherMode, type MatcherWarning } from '@tocsin/common/matchers/parse-matchers';
import { checkSections } from './check-sections';
import { type ConfigFile, configDecoder } from './notifier-config.schema';
import { orderFindings } from './order-findings';

export type CheckedConfig =
  | { ok: true; file: ConfigFile; warnings: readonly YamlFinding[] }
  /** All mistakes; the first is the one that Alertmanager would report. */
  | { ok: false; findings: readonly YamlFinding[] };

/** Reads the text of an `alertmanager.yml`. */
export function checkConfig(text: string, matcherMode: MatcherMode): CheckedConfig {
  const parsed = parseYaml(text);
  if (!parsed.ok) return parsed;
  const { document } = parsed;
  const warnings: YamlFinding[] = [];
  const onWarning = (path: YamlPath, matchers: string, warning: MatcherWarning): void => {
    warnings.push(document.finding(path, warningText(matchers, warning)));
  };
  const decoding = new DecodeContext(document);
  const file = configDecoder({ matcherMode, onWarning }).decode(document.root, decoding);
  const findings = allFindings(document, decoding);
  if (findings.length > 0 || file === undefined) return { ok: false, findings };
  return { ok: true, file, warnings };
}

function allFindings(document: YamlDocument, decoding: DecodeContext): YamlFinding[] {
  return orderFindings(document, decoding.findings(), checkSections(document));
}

function warningText(matchers: string, warning: MatcherWarning): string {
  const met = `matchers ${goQuote(matchers)}`;
  const remedy = `write ${goQuote(warning.suggestion)} to be read the same by every version`;
  return warning.kind === 'classic-only'
    ? `${met} are valid only in the older grammar (${warning.reason}); ${remedy}`
    : `${met} mean different things in the older and the newer grammar, and the older one is used; ${remedy}`;
}
