import { readFile } from 'node:fs/promises';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { findingText, type YamlFinding } from '@tocsin/common/config/yaml-document';
import { yamlValues } from '@tocsin/common/config/yaml-values';
import { type ScenarioMistake } from './scenario.schema';

/** What is read of a file, or all of its mistakes, one a line and each with its place. */
export type LoadedFile<Value> = { ok: true; value: Value } | { ok: false; error: string };

type Parsed = { ok: true } | { ok: false; mistakes: readonly ScenarioMistake[] };

/** Reads a YAML file whose content `parse` knows. */
export async function loadYamlFile<Content extends Parsed>(
  file: string,
  parse: (content: unknown) => Content,
): Promise<LoadedFile<Extract<Content, { ok: true }>>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { ok: false, error: `${file}: ${fileReason(error)}` };
  }
  const refuse = (findings: readonly YamlFinding[]) =>
    ({
      ok: false,
      error: [...findings]
        .sort(byPlace)
        .map((finding) => findingText(file, finding))
        .join('\n'),
    }) as const;
  const parsed = parseYaml(text);
  if (!parsed.ok) return refuse(parsed.findings);
  const values = yamlValues(parsed.document);
  if (values.findings.length > 0) return refuse(values.findings);
  const content = parse(values.value);
  if (isRead(content)) return { ok: true, value: content };
  return refuse(
    mistakesIn(content).map(({ path, message }) => {
      const name = path.at(-1);
      return values.finding(path, typeof name === 'string' ? `${name}: ${message}` : message);
    }),
  );
}

function isRead<Content extends Parsed>(content: Content): content is Extract<Content, { ok: true }> {
  return content.ok;
}

function mistakesIn(content: Parsed): readonly ScenarioMistake[] {
  return content.ok ? [] : content.mistakes;
}

function byPlace(a: YamlFinding, b: YamlFinding): number {
  return a.line - b.line || a.column - b.column;
}
