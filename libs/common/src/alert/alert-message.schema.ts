import { z } from 'zod';

/** One alert in a message from an evaluator; times are epoch ms. */
export const alertMessage = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  startsAtMs: z.int(),
  endsAtMs: z.int(),
  generatorURL: z.string(),
});
export type AlertMessage = z.infer<typeof alertMessage>;

/** What an evaluation hands over: all alerts of one rule group's slot that are due to be sent. */
export const alertsMessage = z.looseObject({
  v: z.literal(1),
  ruleGroupId: z.string(),
  /** When the alerts were true: the slot, epoch ms. */
  slotMs: z.int(),
  alerts: z.array(alertMessage),
});
export type AlertsMessage = z.infer<typeof alertsMessage>;
