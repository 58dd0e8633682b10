import { readFileSync } from 'node:fs';

type LogSources = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What the build wrote down of the places that write to the log, by bundled file and line: none where nothing was built. */
export function loadLogSources(folder: URL = new URL('.', import.meta.url)): LogSources {
  try {
    return JSON.parse(readFileSync(new URL('log-sources.json', folder), 'utf8')) as LogSources;
  } catch {
    return {};
  }
}
