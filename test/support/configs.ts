export interface Timers {
  groupWaitMs: number;
  groupIntervalMs: number;
  /** Default 4 h. */
  repeatIntervalMs?: number;
}

/** An `alertmanager.yml` with one webhook receiver, grouped by the label `group`. */
export function webhookConfig(
  sinkUrl: string,
  { groupWaitMs, groupIntervalMs, repeatIntervalMs = 14_400_000 }: Timers,
): string {
  return `
route:
  receiver: sink
  group_by: [group]
  group_wait: ${groupWaitMs}ms
  group_interval: ${groupIntervalMs}ms
  repeat_interval: ${repeatIntervalMs}ms
receivers:
  - name: sink
    webhook_configs:
      - url: ${sinkUrl}
        timeout: 3s
`;
}
