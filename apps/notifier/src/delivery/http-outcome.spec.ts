import { describe, expect, it } from 'vitest';
import { type HttpResponse } from '@tocsin/common/http/http-result';
import { httpOutcome } from './http-outcome';

const nowMs = Date.UTC(2026, 0, 1);

function answer(status: number, headers: HttpResponse['headers'] = {}): HttpResponse {
  return { kind: 'response', status, headers, body: 'why', truncated: false };
}

describe('httpOutcome', () => {
  it.each([200, 201, 204, 299])('%i is a success', (status) => {
    expect(httpOutcome(answer(status), nowMs)).toEqual({ kind: 'delivered' });
  });

  it.each([
    [199, 'rejected', 'other'],
    [301, 'rejected', 'other'],
    [400, 'rejected', 'clientError'],
    [401, 'rejected', 'authError'],
    [403, 'rejected', 'authError'],
    [404, 'rejected', 'clientError'],
    [429, 'rejected', 'rateLimited'],
    [500, 'retryable', 'serverError'],
    [503, 'retryable', 'serverError'],
    [599, 'retryable', 'serverError'],
  ])('%i is %s: %s', (status, kind, reason) => {
    const message = `unexpected status code ${status}: why`;
    expect(httpOutcome(answer(status), nowMs)).toEqual({ kind, reason, message });
  });

  it('tries codes again that the receiver type names', () => {
    expect(httpOutcome(answer(429), nowMs, new Set([429]))).toMatchObject({ kind: 'retryable', reason: 'rateLimited' });
    expect(httpOutcome(answer(403), nowMs, new Set([429]))).toMatchObject({ kind: 'rejected' });
  });

  it('shows the words that the receiver type finds in an answer, or all of it', () => {
    const explain = ({ body }: HttpResponse): string => (body === 'why' ? 'because' : '');
    expect(httpOutcome(answer(400), nowMs, new Set(), explain)).toMatchObject({
      message: 'unexpected status code 400: because',
    });
    expect(httpOutcome({ ...answer(400), body: 'so' }, nowMs, new Set(), explain)).toMatchObject({
      message: 'unexpected status code 400: so',
    });
  });

  it.each([
    ['timeout', 'contextDeadlineExceeded'],
    ['aborted', 'contextCanceled'],
    ['network', 'other'],
    ['tls', 'other'],
    ['credentials', 'other'],
  ] as const)('%s is tried again: %s', (code, reason) => {
    const unsent = { kind: 'error', code, message: 'why', isSent: false } as const;
    const failed = { kind: 'retryable', reason, message: 'why' };
    expect(httpOutcome(unsent, nowMs)).toEqual(failed);
    expect(httpOutcome({ ...unsent, isSent: true }, nowMs)).toEqual({ ...failed, mayBeHeard: true });
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['Thu, 01 Jan 2020 00:00:00 GMT', 0],
    ['Thursday, 01-Jan-26 00:00:05 GMT', 5_000],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['', undefined],
  ])('honours Retry-After: %s', (value, retryAfterMs) => {
    const outcome = httpOutcome(answer(503, { 'retry-after': value }), nowMs);
    expect(outcome).toMatchObject({ kind: 'retryable' });
    expect('retryAfterMs' in outcome ? outcome.retryAfterMs : undefined).toBe(retryAfterMs);
  });

  it('honours it with a 429 where the receiver type tries that again', () => {
    const outcome = httpOutcome(answer(429, { 'retry-after': '7' }), nowMs, new Set([429]));
    expect(outcome).toMatchObject({ kind: 'retryable', reason: 'rateLimited', retryAfterMs: 7_000 });
  });

  it('tries a 429 again that says when, whatever the receiver type', () => {
    const outcome = httpOutcome(answer(429, { 'retry-after': '7' }), nowMs);
    expect(outcome).toMatchObject({ kind: 'retryable', reason: 'rateLimited', retryAfterMs: 7_000 });
    expect(httpOutcome(answer(429, { 'retry-after': 'soon' }), nowMs)).toMatchObject({ kind: 'rejected' });
    expect(httpOutcome(answer(404, { 'retry-after': '7' }), nowMs)).toMatchObject({ kind: 'rejected' });
  });

  it('takes the first of several Retry-After headers', () => {
    const outcome = httpOutcome(answer(503, { 'retry-after': ['3', '5'] }), nowMs);
    expect(outcome).toMatchObject({ retryAfterMs: 3_000 });
  });
});
