import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type EgressPolicy } from './egress-policy';

/** Nothing may be sent there. */
export class EgressRefused extends Error {
  readonly code = 'ERR_EGRESS_REFUSED';
}

/** Looks names up, by default as Node does, and leaves out the addresses to which nothing may be sent. */
export function lookupWithin(policy: EgressPolicy, lookup: LookupFunction = dnsLookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, answer) => {
      if (error !== null) return callback(error, '');
      const found = typeof answer === 'string' ? [{ address: answer, family: isIP(answer) }] : answer;
      const refusals = found.map(({ address }) => policy.refusal(host, address));
      const allowed = found.filter((_, at) => refusals[at] === null);
      const [first] = allowed;
      if (first === undefined) return callback(new EgressRefused(refusals[0] ?? `${host} has no address`), '');
      if (options.all === true) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };
}

/** Throws `EgressRefused` for an address, which nobody looks up, to which nothing may be sent. */
export function checkAddress(policy: EgressPolicy, host: string): void {
  const refusal = isIP(host) === 0 ? null : policy.refusal(host, host);
  if (refusal !== null) throw new EgressRefused(refusal);
}
