import { alertsMessage, type AlertsMessage } from '../alert/alert-message.schema';
import { defineQueue } from './queue-contract';

/** Evaluator → notifier: one message an evaluation, never one an alert. */
export const alertsQueue = defineQueue<AlertsMessage>({
  name: 'alerts',
  payload: alertsMessage,
  jobId: (message) => `${message.ruleGroupId}-${message.slotMs}`,
  attempts: 10,
  backoffMs: 500,
});
