import { labelsOf } from '@tocsin/common/labels/label-set';
import { expect, it } from 'vitest';
import { type RuleState, type TrackedAlert } from '../state/alert-state';
import { alertsToSend, generatorUrl, type SendContext } from './alerts-to-send';

const minute = 60_000;

function context(change: Partial<SendContext> = {}): SendContext {
  return {
    slotMs: 10 * minute,
    intervalMs: 15_000,
    resendDelayMs: minute,
    externalLabels: {},
    generatorUrl: () => 'http://evaluator/graph',
    ...change,
  };
}

function tracked(state: TrackedAlert['state'], labels = labelsOf([['alertname', 'DiskFull']])): RuleState {
  return new Map([['key', { labels, annotations: { summary: 'full' }, annotationSource: null, value: 1, state }]]);
}

function firing(lastSentMs: number | null): RuleState {
  return tracked({ phase: 'firing', activeAtMs: minute, firedAtMs: 2 * minute, lastSentMs, keepFiringSinceMs: null });
}

function resolved(resolvedAtMs: number, lastSentMs: number | null): RuleState {
  return tracked({ phase: 'resolved', activeAtMs: minute, firedAtMs: 2 * minute, resolvedAtMs, lastSentMs });
}

it.each([
  ['never sends a pending alert', tracked({ phase: 'pending', activeAtMs: 0 }), {}, false],
  ['sends a firing alert that was never sent', firing(null), {}, true],
  ['does not repeat within the resend delay', firing(10 * minute - 45_000), {}, false],
  ['does not repeat exactly at the resend delay', firing(9 * minute), {}, false],
  ['repeats once the resend delay has passed', firing(9 * minute - 1), {}, true],
  ['repeats at every slot without a delay', firing(10 * minute - 15_000), { resendDelayMs: 0 }, true],
  ['tells an end that came after the last message at once', resolved(10 * minute, 10 * minute - 15_000), {}, true],
  ['does not repeat an end within the resend delay', resolved(9 * minute, 10 * minute - 15_000), {}, false],
  ['repeats an end at the pace of the resend delay', resolved(5 * minute, 8 * minute), {}, true],
])('%s', (_, state, change, isSent) => {
  const sent = alertsToSend(state, context(change));
  expect(sent.alerts).toHaveLength(isSent ? 1 : 0);
  if (isSent) expect(sent.state.get('key')?.state).toMatchObject({ lastSentMs: 10 * minute });
  else expect(sent.state).toBe(state);
});

it('says since when it fires, and how long that holds without news', () => {
  const [alert] = alertsToSend(firing(null), context()).alerts;
  expect(alert).toEqual({
    labels: { alertname: 'DiskFull' },
    annotations: { summary: 'full' },
    startsAtMs: 2 * minute,
    endsAtMs: 14 * minute,
    generatorURL: 'http://evaluator/graph',
  });
});

it('holds four intervals when those are longer than the resend delay', () => {
  const [alert] = alertsToSend(firing(null), context({ intervalMs: 5 * minute })).alerts;
  expect(alert?.endsAtMs).toBe(30 * minute);
});

it('says when a resolved alert ended', () => {
  expect(alertsToSend(resolved(9 * minute, null), context()).alerts[0]?.endsAtMs).toBe(9 * minute);
});

it('adds external labels where the alert lacks them', () => {
  const state = tracked(
    { phase: 'firing', activeAtMs: 0, firedAtMs: 0, lastSentMs: null, keepFiringSinceMs: null },
    { alertname: 'DiskFull', cluster: 'own' },
  );
  const { alerts } = alertsToSend(state, context({ externalLabels: { cluster: 'theirs', replica: 'a' } }));
  expect(alerts[0]?.labels).toEqual({ alertname: 'DiskFull', cluster: 'own', replica: 'a' });
});

it('asks for the link only when something is sent', () => {
  let asked = 0;
  const link = (): string => String(++asked);
  alertsToSend(firing(10 * minute), context({ generatorUrl: link }));
  expect(asked).toBe(0);
});

it('escapes the expression in its link as Go does', () => {
  expect(generatorUrl('http://e:8880/x', "up{job='a b'} == 0 * (1)")).toBe(
    'http://e:8880/x/graph?g0.expr=up%7Bjob%3D%27a+b%27%7D+%3D%3D+0+%2A+%281%29&g0.tab=1',
  );
});
