import { BlockList, isIP } from 'node:net';
import { type EgressPolicy } from './egress-policy';
import { embeddedIpv4 } from './embedded-ipv4';

export interface EgressRules {
  /** Names (`hooks.slack.com`), names with what is below (`*.slack.com`), addresses and ranges (`10.1.0.0/16`). None: any. */
  readonly allowedHosts: readonly string[];
  /** Whether to refuse addresses of this machine, of private networks and of cloud metadata. Those in an allowed address or
   *  range are not refused. */
  readonly refusePrivate: boolean;
}

/** Source: IANA special-purpose address registries, and where clouds serve metadata. */
const PRIVATE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '168.63.129.16/32',
  '::/127',
  '64:ff9b:1::/48',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

/** The policy of these rules, or the entries that are no host and no range. */
export function egressPolicy(rules: EgressRules): { ok: true; policy: EgressPolicy } | { ok: false; wrong: string[] } {
  const allowed = new BlockList();
  const forbidden = new BlockList();
  const names: string[] = [];
  const wrong: string[] = [];
  for (const entry of rules.allowedHosts) {
    const text = entry.trim().toLowerCase();
    if (isName(text)) names.push(text);
    else if (!addRange(allowed, text)) wrong.push(entry);
  }
  if (wrong.length > 0) return { ok: false, wrong };
  for (const range of PRIVATE) addRange(forbidden, range);
  const isListed = rules.allowedHosts.length > 0;
  const refusal = (rawHost: string, rawAddress: string | null): string | null => {
    const host = bare(rawHost);
    const address = rawAddress ?? (isIP(host) === 0 ? null : host);
    if (address !== null && has(allowed, address)) return null;
    if (isListed && !names.some((name) => matches(name, host))) return `${host} is not among the allowed hosts`;
    if (!rules.refusePrivate || address === null || !has(forbidden, address)) return null;
    return address === host ? `${host} is a private address` : `${host} leads to ${address}, a private address`;
  };
  return { ok: true, policy: { refusal } };
}

function isName(text: string): boolean {
  const labels = text.replace(/^\*\./, '').split('.');
  const isDotted = labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(label));
  // The last part of a name is never a number: that would be an address.
  return isDotted && !/^\d+$/.test(labels.at(-1) ?? '');
}

function matches(name: string, host: string): boolean {
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
}

function addRange(list: BlockList, text: string): boolean {
  const [network = '', bits, ...rest] = bare(text).split('/');
  const version = isIP(network);
  const width = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? width : Number(bits);
  if (version === 0 || rest.length > 0 || !/^\d+$/.test(String(bits ?? width)) || prefix > width) return false;
  list.addSubnet(network, prefix, version === 6 ? 'ipv6' : 'ipv4');
  return true;
}

function has(list: BlockList, address: string): boolean {
  if (isIP(address) !== 6) return list.check(address, 'ipv4');
  // An IPv4 address written as an IPv6 one, or reached by way of one, is the same host.
  const ipv4 = embeddedIpv4(address);
  return list.check(address, 'ipv6') || (ipv4 !== null && list.check(ipv4, 'ipv4'));
}

/** Without the brackets of an IPv6 address and the final dot of a name. */
function bare(host: string): string {
  return host
    .replace(/^\[|\](?=\/|$)/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
