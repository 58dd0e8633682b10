import { Failure } from '@tocsin/go-template/value';
import { type Answer, type Answers, NO_ANSWERS } from './expansion';

/** What may need answers to expressions that its templates ask for. */
export interface Asking {
  readonly asked: ReadonlySet<string>;
}

/** Queries that need the answers of others, ten deep. */
const MAX_ROUNDS = 10;
/** At the same time, for one rule. */
const MAX_QUERIES = 8;

/** Decides, asks for what was wanting, and decides again until nothing is; each expression is asked for once. */
export async function decideWithAnswers<T extends Asking>(
  decide: (answers: Answers) => T,
  ask: (expression: string) => Promise<Answer>,
  signal: AbortSignal,
): Promise<T> {
  let decided = decide(NO_ANSWERS);
  const answers = new Map<string, Answer>();
  for (let round = 1; decided.asked.size > 0 && !signal.aborted; round++) {
    await askAll([...decided.asked], async (expression) => void answers.set(expression, await ask(expression)), signal);
    decided = decide(round < MAX_ROUNDS ? answers : lastOf(answers));
  }
  return decided;
}

const TOO_DEEP = new Failure(`exceeded ${MAX_ROUNDS} rounds of queries`);

function lastOf(answers: Answers): Answers {
  return { get: (expression) => answers.get(expression) ?? TOO_DEEP };
}

async function askAll(
  expressions: readonly string[],
  ask: (expression: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const waiting = expressions.values();
  const askOn = async (): Promise<void> => {
    for (const expression of waiting) {
      if (signal.aborted) return;
      await ask(expression);
    }
  };
  await Promise.all(Array.from({ length: MAX_QUERIES }, askOn));
}
