import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands';
import { environmentNames } from './flag';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const pages = (folder: string) =>
  readdirSync(root + folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => folder + name);

const flags = COMMANDS.flatMap(({ sections }) => sections.flatMap((section) => section.flags));

describe('docs/configuration.md', () => {
  const rows = read('docs/configuration.md')
    .split('\n')
    .filter((line) => line.startsWith('|'));

  it.each(flags.filter(({ needless }) => needless === undefined))(
    'has a row for --$name with its default',
    ({ name, default: byDefault, kind }) => {
      const naming = rows.filter((row) => row.includes(`--${name}\``));
      expect(naming).not.toEqual([]);
      if (byDefault === null || byDefault === '' || kind === 'switch') return;
      expect(naming.some((row) => row.includes(`\`${byDefault}\``))).toBe(true);
    },
  );

  it('names no flag there is not', () => {
    const known = new Set(flags.map(({ name }) => name));
    for (const [, name = ''] of rows.join('\n').matchAll(/--([a-z][a-z.-]*[a-z])/g))
      expect([...known], name).toContain(name);
  });
});

describe('README.md and docs/operations.md', () => {
  const text = read('README.md') + read('docs/operations.md');

  it('use only flags and variables there are', () => {
    const known = new Set(flags.map(({ name }) => name));
    const twins = new Set(flags.flatMap(environmentNames));
    for (const [, name = ''] of text.matchAll(/--([a-z]+\.[a-z.-]*[a-z])/g)) expect([...known], name).toContain(name);
    for (const [variable] of text.matchAll(/TOCSIN_[A-Z_]+/g)) expect([...twins], variable).toContain(variable);
  });

  it('watch only metrics there are', () => {
    const documented = read('docs/metrics.md');
    const watched = [...text.matchAll(/`(?:rate\()?((?:alertmanager|prometheus|tocsin)_[a-z_]+)/g)];
    expect(watched.length).toBeGreaterThan(4);
    for (const [, name] of watched) expect(documented).toContain(`\`${name}\``);
  });

  it('begin with the two commands', () => {
    const [first, second] = [...read('README.md').matchAll(/```sh\n([^`]*)```/g)].map(([, code]) => code);
    expect([first, second]).toEqual(['npm start\n', 'npm test\n']);
  });
});

describe.each([...pages(''), ...pages('docs/'), ...pages('docs/adr/')])('%s', (page) => {
  it('links only to what there is', () => {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g)) {
      expect(existsSync(join(root, dirname(page), target)), target).toBe(true);
    }
  });

  it('names only files there are', () => {
    const named = read(page).matchAll(/`((?:apps|libs|scripts|examples|docs|test)\/[\w./-]*[\w/])`/g);
    for (const [, path = ''] of named) if (!path.includes('chime')) expect(existsSync(root + path), path).toBe(true);
  });
});
