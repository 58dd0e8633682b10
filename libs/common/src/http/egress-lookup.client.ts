import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { type LookupFunction } from 'node:net';
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
