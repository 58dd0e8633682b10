/** What the client's errors say when a command found no Redis, or got no answer from it. */
const UNREACHABLE = [
  /^Command timed out/,
  /^Connection is closed/,
  /^Command aborted/,
  /\bE(CONN|HOST|NET|PIPE|TIMEDOUT)/,
];

/** Whether a command failed because Redis could not be reached, rather than because of what it said. */
export function isRedisUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'MaxRetriesPerRequestError' || UNREACHABLE.some((text) => text.test(error.message));
}
