import { AppError } from '../errors/app-error';

/** What a request asked for and did not get. How it is answered, status included, is `error.filter.ts`'s choice. */
export type Problem =
  /** What is asked cannot be done; the message is for the client. */
  | { kind: 'bad-request'; message: string }
  /** A body that is no JSON, or JSON of another shape. */
  | { kind: 'unreadable-body'; name: string; reason: string }
  /** A required part is missing. `where` such as `0.labels in body`. */
  | { kind: 'required'; where: string }
  /** A list that must not be empty. */
  | { kind: 'too-few'; where: string; least: number }
  | { kind: 'wrong-format'; where: string; format: string; value: string }
  | { kind: 'no-such-thing' }
  /** The same outside of Alertmanager's API; the message says what there is not. */
  | { kind: 'not-found'; message: string }
  | { kind: 'no-route' }
  /** A `Content-Type` that is none. */
  | { kind: 'unreadable-type'; header: string; reason: string }
  | { kind: 'body-type'; met: string }
  | { kind: 'not-acceptable' }
  | { kind: 'body-too-large'; limitBytes: number }
  /** What is asked for is there, but this API has no words for it. */
  | { kind: 'inexpressible'; message: string }
  /** Asked too often; how long to wait, ms. */
  | { kind: 'too-soon'; message: string; againMs: number }
  /** Nothing is wrong with the request; asking again later may help. */
  | { kind: 'unavailable'; message: string }
  /** Refused before anybody looked at it, in plain text whatever the path. */
  | { kind: 'overloaded'; message: string };

/** A `--web.config.file` has mistakes, or what it names cannot be read; the message lists them all. */
export const WEB_CONFIG_INVALID = 'web-config.invalid';

/** Thrown where a request ends in a problem. */
export class ProblemError extends AppError {
  constructor(readonly problem: Problem) {
    super(`http.${problem.kind}`, `request refused: ${problem.kind}`);
  }
}
