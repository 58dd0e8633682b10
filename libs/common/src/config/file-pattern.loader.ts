import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileNamePattern, hasWildcard } from './file-pattern';

/** Paths that a pattern stands for, in order; wildcards may be in any of its elements. What cannot be read has nothing in it.
 *  Source: Go `filepath.Glob`. */
export async function filesMatching(pattern: string): Promise<string[]> {
  const { root } = parse(pattern);
  const elements = pattern.slice(root.length).split('/');
  let found = [root];
  for (const element of elements.filter((text) => text !== '')) {
    const next = await Promise.all(found.map((folder) => below(folder, element)));
    found = next.flat();
  }
  return found;
}

async function below(folder: string, element: string): Promise<string[]> {
  if (!hasWildcard(element)) {
    const path = join(folder, element);
    return stat(path).then(
      () => [path],
      () => [],
    );
  }
  const matches = fileNamePattern(element);
  const names = await readdir(folder === '' ? '.' : folder).catch(() => []);
  return names
    .filter((name) => matches.test(name))
    .sort()
    .map((name) => join(folder, name));
}
