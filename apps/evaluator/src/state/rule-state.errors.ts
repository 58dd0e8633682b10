/** A stored rule state was written by a newer version of Tocsin: this instance leaves the group to others. */
export const RULE_STATE_NEWER = 'rule-state.newer';
