import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { MissingKey } from './fields';
import { caseFunctions, caseValue } from './testing/case-values';
import { TemplateSet } from './template-set';

/** A template and what Go's text/template makes of it: testdata/*.jsonl, one case a line. */
interface Case {
  readonly text: string;
  /** What the template gets; else testdata/data.json. */
  readonly data?: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly missing?: MissingKey;
  readonly want?: string;
  readonly error?: string;
}

const folder = fileURLToPath(new URL('testdata/', import.meta.url));
const shared: unknown = JSON.parse(readFileSync(`${folder}data.json`, 'utf8'));
const topics = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

describe.each(topics)('%s', (topic) => {
  const lines = readFileSync(folder + topic, 'utf8')
    .trimEnd()
    .split('\n');
  it.each(lines)('%s', (line) => {
    const { text, files = {}, missing = 'default', want, error, ...rest }: Case = JSON.parse(line);
    const data = 'data' in rest ? rest.data : shared;
    expect(rendered(text, files, missing, data)).toEqual(error === undefined ? { text: want } : { error });
  });
});

function rendered(text: string, files: Readonly<Record<string, string>>, missingKey: MissingKey, data: unknown) {
  const set = new TemplateSet({ functions: caseFunctions, missingKey });
  for (const [name, file] of Object.entries(files)) {
    const error = set.add(name, file);
    if (error !== null) return { error: error.message };
  }
  const compiled = set.compile(text, 'case');
  if (!compiled.ok) return { error: compiled.error.message };
  const result = compiled.template.execute(caseValue(data));
  return result.ok ? { text: result.text } : { error: result.error.message };
}
