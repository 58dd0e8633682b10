import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { decodeDocument } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { findingText } from '@tocsin/common/config/yaml-document';
import { resolveHttpFiles } from '@tocsin/common/http/http-config';
import { type EvaluatorConfig } from './evaluator-config';
import { type Environment, evaluatorConfig } from './evaluator-config.schema';

export type LoadedConfig = { ok: true; config: EvaluatorConfig } | { ok: false; errors: readonly string[] };

/** Reads a file in the form of `prometheus.yml`; paths in it come out relative to where its folder is seen from. */
export async function loadEvaluatorConfig(file: string, environment: Environment): Promise<LoadedConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { ok: false, errors: [`${file}: ${fileReason(error)}`] };
  }
  const parsed = parseYaml(text);
  if (!parsed.ok) return { ok: false, errors: parsed.findings.map((finding) => findingText(file, finding)) };
  const decoded = decodeDocument(parsed.document, evaluatorConfig(environment));
  if (!decoded.ok) return { ok: false, errors: decoded.findings.map((finding) => findingText(file, finding)) };
  const { value } = decoded;
  const folder = dirname(file);
  return {
    ok: true,
    config: {
      ...value,
      ruleFiles: value.ruleFiles.map((path) => (isAbsolute(path) ? path : join(folder, path))),
      alertmanagers: value.alertmanagers.map((one) => ({ ...one, http: resolveHttpFiles(one.http, folder) })),
    },
  };
}
