import { describe, expect, it } from 'vitest';
import { WechatTokens } from './wechat-tokens';

const caller = { corpId: 'c', secret: 's' };
const HOURS_MS = 3_600_000;

describe('a token', () => {
  it.each<[string, number, string | null]>([
    ['is good for two hours', 2 * HOURS_MS, 'tok'],
    ['and no longer', 2 * HOURS_MS + 1, null],
  ])('%s', (_, nowMs, token) => {
    const tokens = new WechatTokens();
    tokens.keep(caller, 'tok', 0);
    expect(tokens.of(caller, nowMs)).toBe(token);
  });

  it.each([
    ['another corporation', { corpId: 'd', secret: 's' }],
    ['another secret', { corpId: 'c', secret: 't' }],
  ])('is not for %s', (_, other) => {
    const tokens = new WechatTokens();
    tokens.keep(caller, 'tok', 0);
    expect(tokens.of(other, 0)).toBeNull();
  });

  it('is forgotten when it is over, unless there is a newer one', () => {
    const tokens = new WechatTokens();
    tokens.keep(caller, 'new', 0);
    tokens.forget(caller, 'old');
    expect(tokens.of(caller, 0)).toBe('new');
    tokens.forget(caller, 'new');
    expect(tokens.of(caller, 0)).toBeNull();
  });

  it('is kept for 32 callers', () => {
    const tokens = new WechatTokens();
    const callers = Array.from({ length: 33 }, (_, index) => ({ corpId: `c${index}`, secret: 's' }));
    for (const each of callers) tokens.keep(each, 'tok', 0);
    expect(callers.filter((each) => tokens.of(each, 0) === null)).toEqual([{ corpId: 'c0', secret: 's' }]);
  });
});
