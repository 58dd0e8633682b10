/** The configuration file has mistakes; the message lists them all. */
export const CONFIG_INVALID = 'config.invalid';

/** Something under way had to be cut off at the end of the process. */
export const STOP_INCOMPLETE = 'stop.incomplete';

/** `--web.external-url` is no URL this program can be reached at. */
export const EXTERNAL_URL_INVALID = 'external-url.invalid';
