import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { describe, expect, it, vi } from 'vitest';
import { anAlert } from './alert-book.contract';
import { FakeAlertBook } from './fake-alert-book';
import { ForgetAlertsService } from './forget-alerts.service';

const INTERVAL_MS = 1_800_000;

function setup(members: readonly string[] = []) {
  const clock = new FakeClock();
  const book = new FakeAlertBook();
  const error = vi.fn();
  const isMember = (fingerprint: string) => members.includes(fingerprint);
  const service = new ForgetAlertsService(book, clock, { ...nullLog, error }, INTERVAL_MS, isMember);
  const put = (fingerprint: string, endsInMs: number) =>
    book.put({ ...anAlert(fingerprint), endsAtMs: clock.nowMs() + endsInMs });
  return { clock, book, error, service, put };
}

const left = (book: FakeAlertBook): string[] => [...book.stored.keys()].sort();

describe('ForgetAlertsService', () => {
  it('forgets alerts that ended, unless a group holds them', async () => {
    const { book, service, put } = setup(['held']);
    put('firing', 1);
    put('just ended', -59_999);
    put('ended', -60_000);
    put('long ended', -INTERVAL_MS);
    put('held', -INTERVAL_MS);
    await service.forgetEnded();
    expect(left(book)).toEqual(['firing', 'held', 'just ended']);
  });

  it('does it in every interval', async () => {
    const { clock, book, service, put } = setup();
    service.start();
    put('x', 1_000);
    await clock.advance(INTERVAL_MS - 1);
    expect(left(book)).toEqual(['x']);
    await clock.advance(1);
    expect(left(book)).toEqual([]);
    put('y', 1_000);
    await clock.advance(INTERVAL_MS);
    expect(left(book)).toEqual([]);
    await service.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes in batches, and lets others have their turn', async () => {
    const { book, service, put } = setup();
    for (let index = 0; index < 5_000; index++) put(`f${index}`, -60_000);
    let turns = 0;
    const turn = setInterval(() => turns++, 0);
    await service.forgetEnded();
    clearInterval(turn);
    expect(left(book)).toEqual([]);
    expect(Math.max(...book.commits.map(({ writes }) => writes.length))).toBe(256);
    expect(turns).toBeGreaterThan(0);
  });

  it('leaves an alert that changed meanwhile', async () => {
    const { clock, book, service, put } = setup();
    put('x', -60_000);
    book.beforeCommit = (writtenTo) => {
      writtenTo.put({ ...anAlert('x'), endsAtMs: clock.nowMs() + 1_000 });
    };
    await service.forgetEnded();
    expect(left(book)).toEqual(['x']);
  });

  it('goes on after a failure, and says so', async () => {
    const { clock, book, error, service, put } = setup();
    put('x', -60_000);
    book.beforeCommit = () => Promise.reject(new Error('away'));
    service.start();
    await clock.advance(INTERVAL_MS);
    expect(error).toHaveBeenCalledOnce();
    book.beforeCommit = () => {};
    await clock.advance(INTERVAL_MS);
    expect(left(book)).toEqual([]);
    await service.stop();
  });
});
