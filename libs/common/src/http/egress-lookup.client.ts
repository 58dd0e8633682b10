import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type EgressPolicy } from './egress-policy';

/** Nothing may be sent there. */
export class EgressRefused extends Error {
  readonly code = 'ERR_EGRESS_REFUSED';
}

/** Looks names up as Node does, and leaves out the addresses to which nothing may be sent. */
export function lookupWithin(policy: EgressPolicy): LookupFunction {
  return (host, options, callback) => {
    dnsLookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '');
      const refusals = found.map(({ address }) => policy.refusal(host, address));
      const allowed = found.filter((_, at) => refusals[at] === null);
      const [first] = allowed;
      if (first === undefined) return callback(new EgressRefused(refusals[0] ?? `${host} has no address`), '');
      if (options.all === true) return callback(null, allowed satisfies LookupAddress[]);
      return callback(null, first.address, first.family);
    });
  };
}

/** An address of a host to which something may be sent; rejects with `EgressRefused` where there is none. */
export async function addressWithin(policy: EgressPolicy, host: string): Promise<string> {
  const refusal = isIP(host) === 0 ? null : policy.refusal(host, host);
  if (refusal !== null) throw new EgressRefused(refusal);
  return new Promise((resolve, reject) => {
    lookupWithin(policy)(host, {}, (error, address) => (error === null ? resolve(String(address)) : reject(error)));
  });
}
