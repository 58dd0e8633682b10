import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Integration, type Notification } from '../receivers/integration';
import { IntegrationRegistry } from '../receivers/integration-registry';
import { aNotifierConfig, anIntegration } from '../testing/a-config';
import { type TimelineEvent } from '../timeline/timeline-event';
import { type Drill } from './drill';
import { DrillService } from './drill.service';

const drill: Drill = { labels: {}, annotations: {}, status: 'firing', integration: null, resolve: null };

let clock: FakeClock;
let told: (readonly [key: string, notification: Notification])[];
let events: TimelineEvent[];
beforeEach(() => {
  clock = new FakeClock();
  told = [];
  events = [];
});

type Given = Partial<Pick<Integration, 'kind' | 'index' | 'notify' | 'sendResolved'>>;

function integration(given: Given = {}): Integration {
  const { notify, ...rest } = given;
  const made = anIntegration({ receiver: 'team', ...rest });
  return {
    ...made,
    notify: async (notification, signal) => {
      told.push([made.key, notification]);
      return notify ? notify(notification, signal) : { kind: 'delivered' };
    },
  };
}

/** A service over the receiver `team` with these integrations; `unusable` could not be built. */
function service(
  integrations: readonly Integration[],
  unusable: ReadonlyMap<string, string> = new Map(),
): DrillService {
  const configured = [
    ...integrations.map(({ kind, index }) => ({ kind, index })),
    ...[...unusable.keys()].map((key) => ({ kind: key.split('/')[1] ?? '', index: Number(key.split('/')[2]) })),
  ];
  const receiver = { name: 'team', labels: {}, templateLanguage: 'go', integrations: configured };
  const config = aNotifierConfig({
    receivers: [receiver] as unknown as ReturnType<typeof aNotifierConfig>['receivers'],
  });
  const active = { config, integrations: new IntegrationRegistry(integrations, unusable) };
  return new DrillService(active, clock, { record: (event) => void events.push(event) }, nullLog);
}

describe('DrillService', () => {
  it('tells each integration of a receiver, and says what became of it', async () => {
    const drills = service([
      integration(),
      integration({ kind: 'slack', notify: async () => ({ kind: 'delivered', degraded: 'template: x' }) }),
      integration({ kind: 'email', notify: async () => ({ kind: 'retryable', reason: 'other', message: 'no mail' }) }),
      integration({ kind: 'pagerduty', notify: async () => ({ kind: 'delivered', receiverData: { a: 1 } }) }),
    ]);
    expect(await drills.run('team', drill)).toEqual({
      kind: 'done',
      outcomes: [
        ['team/webhook/0', { kind: 'delivered', degraded: null, isEnded: false }],
        ['team/slack/0', { kind: 'delivered', degraded: 'template: x', isEnded: false }],
        ['team/email/0', { kind: 'failed', error: 'no mail' }],
        ['team/pagerduty/0', { kind: 'delivered', degraded: null, isEnded: true }],
      ].map(([key, result]) => ({ integration: key, durationMs: 0, result })),
    });
    const [begin, end] = told.filter(([key]) => key === 'team/pagerduty/0').map(([, notification]) => notification);
    expect(end?.groupKey).toBe(begin?.groupKey);
    expect(end).toMatchObject({ reason: 'all alerts resolved', receiverData: { a: 1 } });
    expect(events.map(({ kind, message }) => `${kind} ${message}`).sort()).toEqual([
      'attempt drill: team/email/0 failed: no mail',
      'delivered drill: team/pagerduty/0 accepted it',
      'delivered drill: team/slack/0 accepted it, as a plain message: template: x',
      'delivered drill: team/webhook/0 accepted it',
    ]);
    expect(events.every(({ group, detail }) => group === undefined && detail?.['drill'] === true)).toBe(true);
  });

  it('says when the end of a drill is refused', async () => {
    const notify: Integration['notify'] = async ({ reason }) =>
      reason === 'first notification'
        ? { kind: 'delivered' }
        : { kind: 'rejected', reason: 'clientError', message: 'unexpected status code 400' };
    const result = await service([integration({ kind: 'opsgenie', notify })]).run('team', drill);
    expect(result).toMatchObject({
      outcomes: [{ result: { kind: 'failed', error: 'its end could not be told: unexpected status code 400' } }],
    });
  });

  it('tells one alone', async () => {
    const drills = service([integration(), integration({ index: 1 })]);
    await drills.run('team', { ...drill, integration: 'webhook/1' });
    expect(told.map(([key]) => key)).toEqual(['team/webhook/1']);
  });

  it('knows who is not there, which costs nothing', async () => {
    const drills = service([integration()]);
    for (let turn = 0; turn < 5; turn++) {
      expect(await drills.run('nobody', drill)).toEqual({ kind: 'no such receiver' });
      expect(await drills.run('team', { ...drill, integration: 'slack/0' })).toEqual({
        kind: 'no such integration',
        has: ['webhook/0'],
      });
    }
    expect(await drills.run('team', drill)).toMatchObject({ kind: 'done' });
    expect(await service([]).run('team', drill)).toEqual({ kind: 'no such integration', has: [] });
  });

  it('is done three times at once, then once in 20 s', async () => {
    const drills = service([integration()]);
    const kinds = async (times: number) => {
      const results = await Promise.all(Array.from({ length: times }, () => drills.run('team', drill)));
      return results.map((result) => (result.kind === 'too soon' ? result.againMs : result.kind));
    };
    expect(await kinds(4)).toEqual(['done', 'done', 'done', 20_000]);
    await clock.advance(15_000);
    expect(await kinds(1)).toEqual([5_000]);
    await clock.advance(5_000);
    expect(await kinds(2)).toEqual(['done', 20_000]);
  });

  it('ends attempts with the time limit of the integration', async () => {
    const notify: Integration['notify'] = (_, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          resolve({ kind: 'retryable', reason: 'contextDeadlineExceeded', message: String(signal.reason.name) }),
        ),
      );
    const running = service([integration({ notify })]).run('team', drill);
    await clock.advance(30_000);
    expect(await running).toMatchObject({
      outcomes: [{ durationMs: 30_000, result: { kind: 'failed', error: 'TimeoutError' } }],
    });
  });

  it('ends attempts when it is stopped', async () => {
    const notify: Integration['notify'] = (_, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ kind: 'retryable', reason: 'other', message: 'ended' })),
      );
    const drills = service([integration({ notify })]);
    const running = drills.run('team', drill);
    drills.stop();
    expect(await running).toMatchObject({ outcomes: [{ result: { kind: 'failed', error: 'ended' } }] });
  });

  it('says of one that could not be built why', async () => {
    const drills = service([integration()], new Map([['team/webhook/1', 'unable to load CA']]));
    expect(await drills.run('team', drill)).toMatchObject({
      outcomes: [{ result: { kind: 'delivered' } }, { result: { kind: 'failed', error: 'unable to load CA' } }],
    });
  });

  it('keeps to itself how something failed that must not', async () => {
    const notify: Integration['notify'] = () => Promise.reject(new Error('secret'));
    const result = await service([integration({ notify }), integration({ index: 1 })]).run('team', drill);
    expect(result).toMatchObject({
      outcomes: [
        { result: { kind: 'failed', error: 'internal error; the log says more' } },
        { result: { kind: 'delivered' } },
      ],
    });
  });
});
