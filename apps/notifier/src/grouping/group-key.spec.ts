import { describe, expect, it } from 'vitest';
import { groupId } from './group-id';
import { groupKey, groupKeyHash } from './group-key';

describe('groupKey', () => {
  it.each([
    ['{}', {}, '{}:{}'],
    ['{}', { alertname: 'test1' }, '{}:{alertname="test1"}'],
    ['{}/{severity="critical"}', { job: 'y', alertname: 'x' }, '{}/{severity="critical"}:{alertname="x", job="y"}'],
    ['{}/{foo🙂="bar"}', { 'foo🙂': 'bar' }, '{}/{foo🙂="bar"}:{foo🙂="bar"}'],
    ['{}', { path: 'C:\\"a"\n' }, '{}:{path="C:\\\\\\"a\\"\\n"}'],
  ])('of route %s and %o is %s', (key, labels, text) => {
    expect(groupKey({ key }, labels)).toBe(text);
  });
});

describe('groupKeyHash', () => {
  it.each([
    ['{}:{}', 'cc9772a1ec901d26ef71dae861793e4d08979fa5030a3f0a5f3ba549f1f2d0b6'],
    ['{}:{alertname="test1"}', '8c60ffc600e7285ed4c931a09065a0a25f3d4328cce889f6c02e8c43a5a42a6d'],
    [
      '{}/{severity="critical"}:{alertname="x", job="y"}',
      'addf3c31223a324f333669d22429f0efb75174e797e348471631beb1133aea9d',
    ],
  ])('of %s is what receivers already know', (key, hash) => {
    expect(groupKeyHash(key)).toBe(hash);
  });
});

describe('groupId', () => {
  it('depends on the route and on each label, and not on their order', () => {
    const id = groupId({ id: 'r1' }, { a: '1', b: '2' });
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(groupId({ id: 'r1' }, { b: '2', a: '1' })).toBe(id);
    const others = [
      groupId({ id: 'r2' }, { a: '1', b: '2' }),
      groupId({ id: 'r1' }, { a: '1', b: '3' }),
      groupId({ id: 'r1' }, { a: '1' }),
      groupId({ id: 'r1' }, { a: '1","b', b: '2' }),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });
});
