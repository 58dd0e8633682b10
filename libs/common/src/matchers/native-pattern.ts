/** A pattern in the words of the built-in engine. */
export interface NativePattern {
  readonly regex: RegExp;
  /** Every value ends with it; '' where nothing is known. */
  readonly suffix: string;
}

/**
 * Translates patterns like `node-[0-9]+\.example` for the built-in engine, which compiles them in a hundredth of RE2's time.
 *
 * Only what means the same to both, and only with at most one repetition: then backtracking costs no more than the value's
 * length times the pattern's. Null: it is something else, or a mistake.
 */
export function nativePattern(pattern: string): NativePattern | null {
  let source = '';
  let suffix = '';
  let repetitions = 0;
  for (let at = 0; at < pattern.length; at = atom.lastIndex) {
    atom.lastIndex = at;
    const [, literal, dot, members, repeat = ''] = atom.exec(pattern) ?? [];
    if (literal !== undefined) source += escaped(unescaped(literal));
    else if (dot !== undefined) source += '[^\\n]';
    else if (members !== undefined && !hasBadRange(members)) source += members;
    else return null;
    source += repeat;
    repetitions += repeat.length;
    if (repetitions > 1) return null;
    suffix = literal !== undefined && repeat === '' ? suffix + unescaped(literal) : '';
  }
  return { regex: new RegExp(`^${source}$`, 'u'), suffix };
}

/** A character as it is or escaped, any character, or some of a class; and how often, unless RE2 reads on there. */
const atom =
  /(?:([^\\.+*?()|[\]{}^$]|\\[!-/:-@[-`{-~ ])|(\.)|(\[\^?(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_ ,./:@])+\]))([*+?](?![*+?]))?/uy;

function unescaped(literal: string): string {
  return literal.startsWith('\\') ? literal.slice(1) : literal;
}

function escaped(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

/** RE2 shall say what is wrong with it. */
function hasBadRange(members: string): boolean {
  return [...members.matchAll(/([^[\]])-([^[\]])/g)].some(([, from = '', to = '']) => from > to);
}
