import { expect, it } from 'vitest';
import { hostPort, parseListenAddress } from './listen-address';

it.each([
  [':9093', undefined, 9093],
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['host.example:65535', 'host.example', 65_535],
  ['[::1]:80', '::1', 80],
])('%s', (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ ok: true, address: { host, port } });
});

it.each(['9093', 'host', 'host:', '::1:80', ':65536', 'host:x'])('refuses %s', (text) => {
  const error = `listen address "${text}": expected host:port or :port`;
  expect(parseListenAddress(text)).toEqual({ ok: false, error });
});

it.each([
  ['127.0.0.1', '127.0.0.1:80'],
  ['::', '[::]:80'],
])('prints %s', (host, text) => expect(hostPort(host, 80)).toBe(text));
