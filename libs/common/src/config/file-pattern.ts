/** Whether Go's `filepath.Match` refuses the pattern: a class without an end, or an escape of nothing. */
export function isBadPattern(pattern: string): boolean {
  return !/^(?:\\[^]|\[\^?(?:\\[^]|[^\]\\])+\]|[^\\[])*$/.test(pattern);
}

/** Whether a path, or an element of one, stands for several. */
export function hasWildcard(path: string): boolean {
  return /[*?[]/.test(path);
}

/** The file names a pattern means: `*`, `?`, `[a-z]`, `[^a-z]`, `\` before a character that stands for itself. */
export function fileNamePattern(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|[^]/g, (part, escaped, negated, set) => {
    if (typeof escaped === 'string') return literal(escaped);
    if (typeof set === 'string') return `[${negated === '^' ? '^' : ''}${set.replace(/[[\]^]/g, '\\$&')}]`;
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : literal(part);
  });
  return new RegExp(`^${source}$`, 'u');
}

function literal(text: string): string {
  return text.replace(/[\^$.*+?()[\]{}|/\\]/g, '\\$&');
}
