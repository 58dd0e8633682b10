/** What the client's errors say when a command found no Redis, or got no answer from it. */
const UNREACHABLE = [
  /^Command timed out/,
  /^Connection is closed/,
  /^Command aborted/,
  /\bE(CONN|HOST|NET|PIPE|TIMEDOUT)/,
];

/** What Redis answers when it is there and takes no writes, or has no data to work on: demoted by a failover, out of memory or
 *  disk, without its replicas, still loading. */
const REFUSING = /^(READONLY|OOM|MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|LOADING) /;

/** Whether a command failed because of the state Redis is in, rather than because of what it said. */
export function isRedisRefusing(error: unknown): boolean {
  return error instanceof Error && REFUSING.test(error.message);
}

/** Whether a command failed because Redis could not be reached, rather than because of what it said. */
export function isRedisUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'MaxRetriesPerRequestError' || UNREACHABLE.some((text) => text.test(error.message));
}
