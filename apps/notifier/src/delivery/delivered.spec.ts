import { afterEach, expect, it } from 'vitest';
import { DeliveryFixture } from './testing/delivery-fixture';

let fixture: DeliveryFixture;
afterEach(() => fixture.stop());

/** A group that is flushed every minute, and told again when an hour has passed. */
function begin(): void {
  fixture = new DeliveryFixture({}, { groupIntervalMs: 60_000, repeatIntervalMs: 3_600_000 });
  fixture.start();
}

const metric = async (line: string): Promise<boolean> => (await fixture.registry.metrics()).includes(`${line}\n`);

it('hands what an integration keeps to its next notification, until one is a first again', async () => {
  begin();
  const kept: unknown[] = [];
  fixture.answer = async ({ receiverData, before }) => {
    kept.push([receiverData, before?.firing.length]);
    return kept.length === 1
      ? { kind: 'delivered', receiverData: { threadTs: '17.5', channelId: 'C1' } }
      : { kind: 'delivered' };
  };
  const data = { threadTs: '17.5', channelId: 'C1' };
  await fixture.fire('a');
  await fixture.clock.advance(3_700_000);
  expect(kept).toEqual([
    [{}, undefined],
    [data, 1],
  ]);
  await fixture.resolve('a');
  await fixture.clock.advance(60_000);
  await fixture.fire('a');
  await fixture.clock.advance(60_000);
  expect(kept.slice(2)).toEqual([
    [data, 1],
    [{}, 0],
  ]);
});

it('tells of a plain message in metric, timeline and log, and logs it once as long as the reason is the same', async () => {
  begin();
  let degraded: string | undefined = 'template: :1:3: it is broken';
  fixture.answer = async () => ({ kind: 'delivered', ...(degraded !== undefined && { degraded }) });
  await fixture.fire('a');
  await fixture.fire('b');
  await fixture.clock.advance(2_000);
  expect(await metric('tocsin_degraded_notifications_total{integration="webhook"} 2')).toBe(true);
  expect(fixture.events.filter(({ kind }) => kind === 'delivered')).toMatchObject([
    { message: expect.stringContaining('as a plain one: template: :1:3'), detail: { degraded } },
    { detail: { degraded } },
  ]);
  const errors = (): unknown[] => fixture.logged.filter(({ level }) => level === 'error');
  expect(errors()).toMatchObject([{ fields: { err: degraded } }]);

  degraded = undefined;
  await fixture.fire('c');
  await fixture.clock.advance(2_000);
  degraded = 'template: :1:3: it is broken';
  await fixture.fire('d');
  await fixture.clock.advance(2_000);
  expect(errors()).toHaveLength(2);
  expect(await metric('tocsin_degraded_notifications_total{integration="webhook"} 3')).toBe(true);
});
