import { goQuote } from '../labels/go-quote';

/** Shortest hash there is. */
const LEAST_LENGTH = 59;
const LEAST_COST = 4;
const GREATEST_COST = 31;

/** Why a text is no bcrypt hash; null when it is one. Source: Go `bcrypt.Cost`, which Alertmanager checks users by. */
export function bcryptHashProblem(hash: string): string | null {
  if (hash.length < LEAST_LENGTH) return 'crypto/bcrypt: hashedSecret too short to be a bcrypted password';
  const [first = '', version = ''] = hash;
  if (first !== '$') {
    return `crypto/bcrypt: bcrypt hashes must start with '$', but hashedSecret started with '${first}'`;
  }
  if (version > '2') {
    return `crypto/bcrypt: bcrypt algorithm version '${version}' requested is newer than current version '2'`;
  }
  const [, digits] = /^\$2[a-z]?\$(..)/.exec(hash) ?? [];
  if (digits === undefined || !/^\d\d$/.test(digits)) {
    return `strconv.Atoi: parsing ${goQuote(digits ?? hash.slice(4, 6))}: invalid syntax`;
  }
  const cost = Number(digits);
  if (cost >= LEAST_COST && cost <= GREATEST_COST) return null;
  return `crypto/bcrypt: cost ${cost} is outside allowed inclusive range ${LEAST_COST}..${GREATEST_COST}`;
}

/** A hash no password fits that takes as long to compare with as the slowest of these. */
export function decoyHash(hashes: readonly string[]): string {
  const costs = hashes.map((hash) => Number(/^\$2[a-z]?\$(\d\d)\$/.exec(hash)?.[1] ?? 0));
  const cost = Math.max(LEAST_COST, ...costs);
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(22)}${'/'.repeat(31)}`;
}
