const SUFFIX = 'is not supported yet by this version of Tocsin';

/** What a valid setting gets that Alertmanager or Prometheus knows and this version does not: never silently ignored. */
export function notSupportedYet(what: string): string {
  return `${what} ${SUFFIX}`;
}

/** Whether a message is one of those. */
export function isNotSupportedYet(message: string): boolean {
  return message.endsWith(SUFFIX);
}
