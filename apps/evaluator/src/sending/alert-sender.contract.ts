import { type AlertMessage, type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertSender } from './alert-sender';

export interface SenderSetUp {
  readonly sender: AlertSender;
  /** What has arrived at the other end, in order. */
  received(): readonly AlertMessage[];
  tearDown(): Promise<void>;
}

const slotMs = Date.UTC(2026, 0, 1, 12, 0, 7, 250);

/** A message of alerts with these names; `endsAtMs` tells versions of one alert apart. */
export function message(slot: number, ...names: readonly string[]): AlertsMessage {
  const alerts = names.map((name) => ({
    labels: { alertname: name, path: '/ü "x"' },
    annotations: { summary: `${name} fires` },
    startsAtMs: slotMs - 60_000,
    endsAtMs: slot + 240_000,
    generatorURL: 'http://evaluator:8880/graph?g0.expr=up&g0.tab=1',
  }));
  return { v: 1, ruleGroupId: 'a1', slotMs: slot, alerts };
}

/** What every way to send alerts does. */
export function alertSenderContract(name: string, setUp: () => Promise<SenderSetUp>): void {
  describe(`${name} as alert sender`, () => {
    let parts: SenderSetUp;
    beforeEach(async () => {
      parts = await setUp();
    });
    afterEach(() => parts.tearDown());

    it('delivers alerts with everything that is said about them', async () => {
      const sent = message(slotMs, 'DiskFull', 'DiskSlow');
      await parts.sender.send(sent);
      await parts.sender.close();
      expect(parts.received()).toEqual(sent.alerts);
    });

    it('delivers messages in the order they were sent', async () => {
      const first = message(slotMs, 'DiskFull');
      const second = message(slotMs + 15_000, 'DiskFull');
      await parts.sender.send(first);
      await expect.poll(() => parts.received().length).toBe(1);
      await parts.sender.send(second);
      await parts.sender.close();
      expect(parts.received()).toEqual([...first.alerts, ...second.alerts]);
    });

    it('delivers what it still holds when it is closed', async () => {
      const names = Array.from({ length: 600 }, (_, at) => `Alert${at}`);
      await parts.sender.send(message(slotMs, ...names));
      await parts.sender.close();
      expect(parts.received().map(({ labels }) => labels['alertname'])).toEqual(names);
    });
  });
}
