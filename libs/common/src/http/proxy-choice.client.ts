import { BlockList, isIP } from 'node:net';
import { type ProxyConfig } from './http-config';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy a request goes through, null for none. Source: prometheus/common `ProxyConfig`, Go `httpproxy`. */
export function proxyFor(config: ProxyConfig, url: URL, environment: Environment): URL | null {
  const configured = config.url.reveal();
  if (config.fromEnvironment) {
    const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
    const proxy = variable(environment, name);
    if (proxy === '' || goesDirect(url, variable(environment, 'no_proxy'))) return null;
    return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
  }
  // Without exceptions a configured proxy takes everything, this machine included.
  if (configured === '' || (config.noProxy !== '' && goesDirect(url, config.noProxy))) return null;
  return new URL(configured);
}

function variable(environment: Environment, name: string): string {
  return environment[name.toUpperCase()] || environment[name] || '';
}

/** Whether `no_proxy` excepts the host: a name with its subdomains, `.name` for the subdomains alone, an address or a
 *  range, each with an optional port, or `*`. This machine is always excepted. */
function goesDirect(url: URL, noProxy: string): boolean {
  const host = url.hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || (isIP(host) !== 0 && within(host, '127.0.0.0/8', '::1/128'))) return true;
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && matchesEntry(entry, host, port));
}

function matchesEntry(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isIP(host) !== 0 && within(host, entry);
  const [, bracketed, plain = '', entryPort] = /^(?:\[([^\]]*)\]|([^:]*|[^:]*:.*:[^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const name = bracketed ?? plain;
  if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
  const domain = name.replace(/^\*(?=\.)/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function within(address: string, ...ranges: readonly string[]): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return ranges.some((range) => {
    const [network = '', bits = ''] = range.split('/');
    const width = isIP(network) === 6 ? 128 : 32;
    if (isIP(network) === 0 || !/^\d+$/.test(bits) || Number(bits) > width) return false;
    const list = new BlockList();
    list.addSubnet(network, Number(bits), width === 128 ? 'ipv6' : 'ipv4');
    return list.check(address, family);
  });
}
