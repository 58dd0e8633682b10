import { readFileSync } from 'node:fs';

/** The rows of one section of `docs/metrics.md`, without the padding of the table. */
export function documentedMetrics(section: string): string[] {
  const text = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  const [, body = ''] = text.split(new RegExp(`^## ${section}$`, 'm'));
  const lines = body.split(/^## /m)[0]?.split('\n') ?? [];
  return lines.filter((line) => line.startsWith('| `')).map((line) => line.replace(/ +/g, ' '));
}
