import { z } from 'zod';

const labels = z.record(z.string(), z.string()).default({});

const alert = z.looseObject({ status: z.string().default('firing'), labels, annotations: labels });

/** As much of Alertmanager's webhook body (version 4) as is printed. */
export const webhookBody = z.looseObject({
  receiver: z.string().default(''),
  status: z.string().default('firing'),
  notification_reason: z.string().default(''),
  groupLabels: labels,
  alerts: z.array(alert).default([]),
  truncatedAlerts: z.number().default(0),
});
export type WebhookBody = z.infer<typeof webhookBody>;

/** A notification for people to read at a terminal, one line an alert. */
export function webhookText(body: WebhookBody, time: string): string {
  const firing = body.alerts.filter(({ status }) => status === 'firing').length;
  const counts = [`${firing} firing`, `${body.alerts.length - firing} resolved`].filter(
    (text) => !text.startsWith('0 '),
  );
  const facts = [time, `[${body.status.toUpperCase()}]`, counts.join(', '), `to ${body.receiver}`];
  const reason = body.notification_reason === '' ? '' : ` (${body.notification_reason})`;
  const more = body.truncatedAlerts > 0 ? [`  and ${body.truncatedAlerts} more`] : [];
  return [
    `${facts.join('  ')}${reason}`,
    `  group ${pairs(body.groupLabels) || '(all alerts of the route)'}`,
    ...body.alerts.map((one) => alertLine(one, body.groupLabels)),
    ...more,
    '',
    '',
  ].join('\n');
}

function alertLine({ status, labels: own, annotations }: WebhookBody['alerts'][number], group: object): string {
  const { alertname = '', ...others } = own;
  const telling = Object.fromEntries(Object.entries(others).filter(([name]) => !(name in group)));
  const about = annotations['summary'] ?? annotations['message'] ?? annotations['description'];
  const parts = [status.padEnd(8), alertname, pairs(telling)].filter((part) => part !== '');
  return printable(`  ${parts.join(' ')}${about === undefined ? '' : `: ${about}`}`);
}

function pairs(of: Readonly<Record<string, string>>): string {
  return printable(
    Object.entries(of)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(' '),
  );
}

/** What is printed comes from anywhere: it stays on its line and cannot steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
