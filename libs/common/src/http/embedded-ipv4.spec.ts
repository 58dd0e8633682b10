import { expect, it } from 'vitest';
import { embeddedIpv4 } from './embedded-ipv4';

it.each([
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['::ffff:a01:203', '10.1.2.3'],
  ['64:ff9b::a9fe:a9fe', '169.254.169.254'],
  ['64:FF9B::169.254.169.254', '169.254.169.254'],
  ['0064:ff9b:0:0:0:0:7f00:1', '127.0.0.1'],
  ['2002:c0a8:101::1', '192.168.1.1'],
  ['2002:7f00:1:0:0:0:0:1', '127.0.0.1'],
  ['2002::', '0.0.0.0'],
  ['64:ff9b:1::a01:203', null],
  ['2001:db8::1', null],
  ['fe80::1%eth0', null],
  ['::1', null],
  ['::', null],
])('%s stands for %s', (ipv6, ipv4) => expect(embeddedIpv4(ipv6)).toBe(ipv4));
