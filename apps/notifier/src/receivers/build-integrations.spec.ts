import { describe, expect, it } from 'vitest';
import { machineClock } from '@tocsin/common/time/clock';
import { checkConfig } from '../config/check-config';
import { compileConfig } from '../config/compile-config';
import { DEFAULT_LIMITS } from '../delivery/delivery-limits';
import { buildIntegrations } from './build-integrations.service';
import { type IntegrationRegistry } from './integration-registry';

const context = {
  userAgent: 'Tocsin/test',
  externalUrl: () => 'http://tocsin.test',
  clock: machineClock,
  environment: {},
};

function build(text: string): IntegrationRegistry {
  const checked = checkConfig(text, 'fallback');
  if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join());
  return buildIntegrations(compileConfig(checked.file, text), context);
}

describe('buildIntegrations', () => {
  const registry = build(`
route:
  receiver: team
  routes:
  - receiver: silent
    routes:
    - receiver: other
receivers:
- name: unused
  webhook_configs:
  - url: http://unused.test/
    http_config: {tls_config: {ca_file: /none}}
- name: other
  webhook_configs:
  - url: http://other.test/
- name: team
  webhook_configs:
  - url: http://team.test/0
  - url: http://team.test/1
    send_resolved: false
- name: silent
- name: former
  webhook_configs:
  - url: http://former.test/
`);

  it('builds the integrations of all receivers, where no route uses them only those that it can', () => {
    const keys = registry.all().map(({ key }) => key);
    expect(keys).toEqual(['other/webhook/0', 'team/webhook/0', 'team/webhook/1', 'former/webhook/0']);
  });

  it('finds them by receiver and by key', () => {
    expect(registry.ofReceiver('team')).toMatchObject([
      { receiver: 'team', kind: 'webhook', index: 0, sendResolved: true },
      { receiver: 'team', kind: 'webhook', index: 1, sendResolved: false },
    ]);
    expect(registry.ofReceiver('silent')).toEqual([]);
    expect(registry.ofReceiver('unused')).toEqual([]);
    expect(registry.byKey('team/webhook/1')).toBe(registry.ofReceiver('team')[1]);
    expect(registry.byKey('team/webhook/2')).toBeUndefined();
  });

  it('tells in the order of Alertmanager', async () => {
    const mixed = build(`
route: {receiver: team}
receivers:
- name: team
  pagerduty_configs:
  - routing_key: canary
    on_muted: close
    send_resolved: false
    delivery: {max_in_flight: 1}
  webhook_configs:
  - url: http://team.test/
    on_muted: ignore
    delivery: {timeout: 3s}
`);
    expect(mixed.ofReceiver('team')).toMatchObject([
      { key: 'team/webhook/0', onMuted: 'ignore', limits: { ...DEFAULT_LIMITS, attemptTimeoutMs: 3_000 } },
      {
        key: 'team/pagerduty/0',
        kind: 'pagerduty',
        index: 0,
        sendResolved: false,
        onMuted: 'close',
        limits: { ...DEFAULT_LIMITS, maxInFlight: 1 },
      },
    ]);
    await mixed.close();
  });

  it('names every one that cannot be built', () => {
    const bad = `
route: {receiver: team}
receivers:
- name: team
  webhook_configs:
  - url: http://team.test/
    http_config: {tls_config: {ca_file: /none/ca.pem}}
  - url: http://team.test/
  - url: http://team.test/
    http_config: {tls_config: {ca: nonsense}}
  incidentio_configs:
  - url: http://team.test/
    alert_source_token: t
    http_config: {tls_config: {ca: nonsense}}
`;
    const first = 'receiver "team", webhook_configs\\[0\\]: unable to read CA cert \\(.*\\): there is no such file';
    const second = 'receiver "team", webhook_configs\\[2\\]: unable to use tls_config: .*';
    const third = 'receiver "team", incidentio_configs\\[0\\]: unable to use tls_config: .*';
    expect(() => build(bad)).toThrow(new RegExp(`^${first}; ${second}; ${third}$`));
  });
});
