import { describe, expect, it } from 'vitest';
import { webhookBody, webhookText } from './webhook-text';

const text = (body: object) => webhookText(webhookBody.parse(body), '12:00:00');

describe('webhookText', () => {
  it('says who was told what and why, one line an alert', () => {
    const printed = text({
      receiver: 'team',
      status: 'firing',
      notification_reason: 'new alerts added',
      groupLabels: { job: 'node' },
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'Full', job: 'node', disk: 'a b' },
          annotations: { summary: 'It is full' },
        },
        { status: 'resolved', labels: { alertname: 'Down', job: 'node' }, annotations: {} },
      ],
    });
    expect(printed.split('\n')).toEqual([
      '12:00:00  [FIRING]  1 firing, 1 resolved  to team (new alerts added)',
      '  group job="node"',
      '  firing   Full disk="a b": It is full',
      '  resolved Down',
      '',
      '',
    ]);
  });

  it('takes a body that says little', () => {
    expect(text({ alerts: [{}] })).toContain('1 firing');
    expect(text({})).toContain('(all alerts of the route)');
  });

  it('tells how many alerts were cut', () => expect(text({ truncatedAlerts: 3 })).toContain('and 3 more'));

  it('keeps what others wrote from steering the terminal', () => {
    const printed = text({
      groupLabels: { a: '\u001b[2J' },
      alerts: [{ annotations: { summary: 'a\n\u001b]0;b\u0007' } }],
    });
    expect(printed.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
