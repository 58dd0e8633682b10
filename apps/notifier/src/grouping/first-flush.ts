/** When a group that starts with this alert is flushed first: after `group_wait`, or at once when the alert is older
 *  than that already. Source: Alertmanager `aggrGroup.insert`. */
export function firstFlushMs(alert: { startsAtMs: number }, route: { groupWaitMs: number }, nowMs: number): number {
  return alert.startsAtMs + route.groupWaitMs < nowMs ? nowMs : nowMs + route.groupWaitMs;
}
