import { describe, expect, it } from 'vitest';
import { clientProblem } from './client-certificate';
import { type ClientAuth } from './web-config';

const trusted = { isTrusted: true, altNames: '' };
const stranger = { isTrusted: false, altNames: '' };
const MISSING = "tls: client didn't provide a certificate";
const UNTRUSTED = 'tls: failed to verify certificate of the client';

it.each<[ClientAuth, none: string | null, any: string | null, trusted: string | null]>([
  ['none', null, null, null],
  ['request', null, null, null],
  ['require-any', MISSING, null, null],
  ['verify-if-given', null, UNTRUSTED, null],
  ['require-and-verify', MISSING, UNTRUSTED, null],
])('%s', (rule, ...problems) => {
  expect([null, stranger, trusted].map((shown) => clientProblem(shown, rule, null))).toEqual(problems);
});

describe('allowed names', () => {
  const allowed = ['two.example', 'me@example.test', '10.0.0.1', '::1', 'spiffe://a, DNS:evil'];
  it.each([
    ['DNS:one.example, DNS:two.example', true],
    ['email:me@example.test', true],
    ['IP Address:10.0.0.1', true],
    ['IP Address:0:0:0:0:0:0:0:1', true],
    ['URI:"spiffe://a, DNS:evil"', true],
    ['DNS:one.example', false],
    ['URI:"http://x/, DNS:two.example"', false],
    ['DirName:two.example', false],
    ['', false],
  ])('%s', (altNames, isAllowed) => {
    const problem = clientProblem({ isTrusted: true, altNames }, 'require-and-verify', allowed);
    expect(problem === null).toBe(isAllowed);
    if (problem !== null) expect(problem).toMatch(/^could not find allowed SANs in client cert, found: \[two/);
  });

  it('are asked for where a certificate could be left out, too', () => {
    expect(clientProblem(null, 'verify-if-given', ['a'])).toBe(MISSING);
    expect(clientProblem(stranger, 'request', [])).toMatch('could not find allowed SANs');
  });
});
