/** A host and a port, the host without its brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: string;
}

/** Takes `host:port` or `[host]:port` apart; null where it is neither. Source: Go `net.SplitHostPort`. */
export function splitHostPort(text: string): HostPort | null {
  const colon = text.lastIndexOf(':');
  if (colon === -1) return null;
  const port = text.slice(colon + 1);
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end === -1 || end + 1 !== colon) return null;
    const host = text.slice(1, end);
    return host.includes('[') || /[[\]]/.test(port) ? null : { host, port };
  }
  const host = text.slice(0, colon);
  return /[:[\]]/.test(host) || /[[\]]/.test(port) ? null : { host, port };
}

/** Without its port; what has none stays as it is. Source: Prometheus' template `stripPort`. */
export function stripPort(text: string): string {
  return splitHostPort(text)?.host ?? text;
}

/** The first part of a host's name, with the port; an IP address stays as it is. Source: Prometheus' template
 *  `stripDomain`. */
export function stripDomain(text: string): string {
  const { host, port } = splitHostPort(text) ?? { host: text, port: '' };
  if (isIpAddress(host)) return text;
  const name = host.split('.', 1)[0] ?? '';
  if (port === '') return name;
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}

/** Whether it is an IPv4 or IPv6 address, the latter with a zone if need be. Source: Go `netip.ParseAddr`. */
export function isIpAddress(text: string): boolean {
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') return isIpv4(text);
  return first === ':' && isIpv6(text);
}

function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

function isIpv6(text: string): boolean {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return false;
  const address = percent === -1 ? text : text.slice(0, percent);
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0) return false;
  if (tail === undefined) return fieldCount(head, true) === 8;
  const before = head === '' ? 0 : fieldCount(head, false);
  const after = tail === '' ? 0 : fieldCount(tail, true);
  return before !== null && after !== null && before + after < 8;
}

/** How many fields of 16 bits; an IPv4 address at the end counts for two. */
function fieldCount(text: string, mayEndWithIpv4: boolean): number | null {
  const fields = text.split(':');
  const last = fields.at(-1) ?? '';
  const isMixed = mayEndWithIpv4 && last.includes('.');
  if (isMixed && !isIpv4(last)) return null;
  const plain = isMixed ? fields.slice(0, -1) : fields;
  return plain.every((field) => /^[0-9a-fA-F]{1,4}$/.test(field)) ? fields.length + (isMixed ? 1 : 0) : null;
}
