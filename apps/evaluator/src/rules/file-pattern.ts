/** Whether `rule_files` may hold this path: `*` only in its last element. Source: Prometheus configuration. */
export function isRuleFilePattern(path: string): boolean {
  return /^[^*]*(\*[^/]*)?$/.test(path);
}
