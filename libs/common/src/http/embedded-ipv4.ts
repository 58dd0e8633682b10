/** The IPv4 address that an IPv6 address stands for: as itself, behind NAT64, by 6to4; null for any other. Source: RFC 4291,
 *  RFC 6052, RFC 3056. */
export function embeddedIpv4(ipv6: string): string | null {
  const groups = groupsOf(ipv6);
  const starts = (...prefix: readonly number[]): boolean => prefix.every((group, at) => groups[at] === group);
  if (starts(0, 0, 0, 0, 0, 0xffff) || starts(0x64, 0xff9b, 0, 0, 0, 0)) return dotted(groups[6], groups[7]);
  return starts(0x2002) ? dotted(groups[1], groups[2]) : null;
}

/** All eight of an address that is one. */
function groupsOf(ipv6: string): number[] {
  const text = ipv6
    .replace(/%.*$/, '')
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => `${pair(bytes, 0)}:${pair(bytes, 2)}`);
  const [front = [], back = []] = text
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16))));
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

function pair(bytes: readonly string[], at: number): string {
  return (Number(bytes[at]) * 256 + Number(bytes[at + 1])).toString(16);
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
