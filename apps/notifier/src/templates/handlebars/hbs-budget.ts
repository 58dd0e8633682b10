/** Turns of `each` and calls of partials that one rendering may take. */
export const MAX_TURNS = 100_000;
/** Characters that one rendering may give. */
export const MAX_LENGTH = 4_000_000;
/** Calls of helpers, and characters that they, loops and partials may work on. */
const MAX_CALLS = 1_000_000;
const MAX_WORK = 8 * MAX_LENGTH;

/** What is left of the limits of one rendering: whatever a template is like, it comes to an end soon. */
export class HbsBudget {
  private turns = 0;
  private calls = 0;
  private work = 0;

  /** Pays for a turn of a loop, or for a partial. */
  turn(): void {
    if (++this.turns > MAX_TURNS) throw new Error(`exceeded ${MAX_TURNS} turns of each`);
  }

  /** Pays for a call of a helper. */
  call(): void {
    if (++this.calls > MAX_CALLS) throw new Error(`exceeded ${MAX_CALLS} calls of helpers`);
  }

  /** Pays for characters, before they are made where it is known how many. */
  spend(characters: number): void {
    this.work += characters;
    if (this.work > MAX_WORK) throw new Error(`exceeded ${MAX_LENGTH} characters`);
  }
}

/** What a text may have at most. Handlebars takes time that grows with the square of these. */
const MOST: readonly (readonly [what: string, pattern: RegExp, most: number])[] = [
  ['blocks', /\{\{~?(?:[#^]|\s*else\b)/g, 1_000],
  ['parentheses', /\(/g, 1_000],
  ['expressions', /\{\{/g, 5_000],
];

/** Why a text is not even parsed; null: it may be. For texts that anybody may have written. */
export function tooMuchIn(source: string): string | null {
  for (const [what, pattern, most] of MOST) {
    if ((source.match(pattern)?.length ?? 0) > most) return `handlebars: exceeded ${most} ${what}`;
  }
  return null;
}
