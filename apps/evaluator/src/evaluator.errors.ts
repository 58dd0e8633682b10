/** The configuration or a rule file has mistakes; the message lists them all. */
export const RULES_INVALID = 'rules.invalid';

/** `--web.external-url` is no URL the evaluator can be reached at. */
export const EVALUATOR_URL_INVALID = 'evaluator.external-url-invalid';

/** Something under way had to be cut off when the evaluator was stopped. */
export const EVALUATOR_STOP_INCOMPLETE = 'evaluator.stop-incomplete';
