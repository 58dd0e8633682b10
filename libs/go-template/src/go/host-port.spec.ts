import { describe, expect, it } from 'vitest';
import { stripDomain, stripPort } from './host-port';

// Printed by Prometheus' template functions.
describe('stripPort and stripDomain', () => {
  it.each([
    ['', '', ''],
    ['a', 'a', 'a'],
    ['host.example.com', 'host.example.com', 'host'],
    ['host.example.com:8080', 'host.example.com', 'host:8080'],
    ['10.0.0.1:80', '10.0.0.1', '10.0.0.1:80'],
    ['10.0.0.1', '10.0.0.1', '10.0.0.1'],
    ['[2001:0DB8::1]:12345', '2001:0DB8::1', '[2001:0DB8::1]:12345'],
    ['2001:0DB8::1', '2001:0DB8::1', '2001:0DB8::1'],
    ['[::1]', '[::1]', '[::1]'],
    ['[a.b]:1', 'a.b', 'a:1'],
    ['a:b:c', 'a:b:c', 'a:b:c'],
    ['host.example.com:', 'host.example.com', 'host'],
    ['[fe80::1%eth0.1]:80', 'fe80::1%eth0.1', '[fe80::1%eth0.1]:80'],
    ['a]b:1', 'a]b:1', 'a]b:1'],
    ['[a[b]:1', '[a[b]:1', '[a[b]:1'],
    [':80', '', ':80'],
    ['1.2.3:9', '1.2.3', '1:9'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['[a:b.c]:9', 'a:b.c', '[a:b]:9'],
  ])('%j', (text, host, name) => {
    expect(stripPort(text)).toBe(host);
    expect(stripDomain(text)).toBe(name);
  });
});
