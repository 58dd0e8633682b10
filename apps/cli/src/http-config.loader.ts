import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { decodeDocument } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { findingText } from '@tocsin/common/config/yaml-document';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { type HttpConfig, resolveHttpFiles } from '@tocsin/common/http/http-config';
import { httpConfig } from '@tocsin/common/http/http-config.schema';
import { UsageError } from './command';

/** Reads the file of `--http.config.file`; names of other files in it are seen from its folder. */
export function loadHttpConfig(file: string): HttpConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--http.config.file ${file}: ${fileReason(error)}`);
  }
  const parsed = parseYaml(text);
  const decoded = parsed.ok ? decodeDocument(parsed.document, httpConfig) : parsed;
  if (decoded.ok) return resolveHttpFiles(decoded.value, dirname(file));
  throw new UsageError(decoded.findings.map((finding) => findingText(file, finding)).join('\n'));
}
