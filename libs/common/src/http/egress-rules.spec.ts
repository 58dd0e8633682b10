import { describe, expect, it } from 'vitest';
import { egressPolicy, type EgressRules } from './egress-rules.client';

const policyOf = (rules: Partial<EgressRules>) => {
  const made = egressPolicy({ allowedHosts: [], refusePrivate: false, ...rules });
  if (!made.ok) throw new Error(made.wrong.join());
  return made.policy;
};

describe('allowed hosts', () => {
  const policy = policyOf({
    allowedHosts: ['hooks.slack.com', '*.Example.org', '10.1.0.0/16', '2001:db8::/32', '192.0.2.7'],
  });

  it.each([
    ['the name itself', 'hooks.slack.com', '1.2.3.4'],
    ['in any case, with a final dot', 'HOOKS.slack.com.', '1.2.3.4'],
    ['below a name', 'a.b.example.org', '1.2.3.4'],
    ['in a range, whatever its name', 'internal.test', '10.1.2.3'],
    ['an address', '192.0.2.7', '192.0.2.7'],
    ['IPv6', '[2001:db8::1]', '2001:db8::1'],
    ['IPv4 as IPv6', 'internal.test', '::ffff:10.1.2.3'],
    ['a name that a proxy looks up', 'hooks.slack.com', null],
  ])('allows %s', (_, host, address) => expect(policy.refusal(host, address)).toBeNull());

  it.each([
    ['another name', 'slack.com', '1.2.3.4', 'slack.com is not among the allowed hosts'],
    ['the domain of a pattern', 'example.org', '1.2.3.4', 'example.org is not among the allowed hosts'],
    [
      'a longer name',
      'hooks.slack.com.evil.test',
      '1.2.3.4',
      'hooks.slack.com.evil.test is not among the allowed hosts',
    ],
    ['an address beside a range', 'x.test', '10.2.0.1', 'x.test is not among the allowed hosts'],
    ['an address for a proxy', '10.2.0.1', null, '10.2.0.1 is not among the allowed hosts'],
  ])('refuses %s', (_, host, address, reason) => expect(policy.refusal(host, address)).toBe(reason));

  it('names entries that are neither', () => {
    const allowedHosts = ['ok.test', 'http://x.test', '10.0.0.0/33', '10.0.0', '*', '', 'a b'];
    expect(egressPolicy({ allowedHosts, refusePrivate: false })).toEqual({
      ok: false,
      wrong: ['http://x.test', '10.0.0.0/33', '10.0.0', '*', '', 'a b'],
    });
  });
});

describe('private addresses', () => {
  it.each(['127.0.0.1', '10.0.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'])(
    'refuses %s',
    (address) => {
      const policy = policyOf({ refusePrivate: true });
      expect(policy.refusal(address, null)).toBe(`${address} is a private address`);
      expect(policy.refusal('x.test', address)).toBe(`x.test leads to ${address}, a private address`);
      expect(policy.refusal('x.test', `::ffff:${address}`)).toContain('a private address');
    },
  );

  it.each([
    ['::1'],
    ['::'],
    ['fd00:ec2::254'],
    ['fe80::1'],
    ['::ffff:7f00:1'],
    ['64:ff9b::a9fe:a9fe'],
    ['64:ff9b::10.0.0.1'],
    ['2002:a9fe:a9fe::1'],
  ])('refuses %s', (address) => {
    expect(policyOf({ refusePrivate: true }).refusal('x.test', address)).toContain('a private address');
  });

  it('allows public ones, and those that are asked for', () => {
    const policy = policyOf({ refusePrivate: true, allowedHosts: ['x.test', '10.0.0.0/8'] });
    expect(policy.refusal('x.test', '1.2.3.4')).toBeNull();
    expect(policy.refusal('x.test', '64:ff9b::1.2.3.4')).toBeNull();
    expect(policy.refusal('y.test', '64:ff9b::10.1.1.1')).toBeNull();
    expect(policy.refusal('y.test', '10.1.1.1')).toBeNull();
    expect(policy.refusal('x.test', '127.0.0.1')).toBe('x.test leads to 127.0.0.1, a private address');
  });

  it('refuses nothing by default', () => expect(policyOf({}).refusal('localhost', '127.0.0.1')).toBeNull());
});
