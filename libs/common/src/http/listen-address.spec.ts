import { expect, it } from 'vitest';
import { hostPort, parseListenAddress, systemdSockets } from './listen-address';

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

it('has no vsock', () =>
  expect(parseListenAddress('vsock://:9093')).toMatchObject({ error: expect.stringMatching('vsock') }));

it.each([
  ['two sockets for this process', { LISTEN_PID: '7', LISTEN_FDS: '2' }, [{ fd: 3 }, { fd: 4 }]],
  ['those of another process', { LISTEN_PID: '8', LISTEN_FDS: '2' }, []],
  ['none', { LISTEN_PID: '7', LISTEN_FDS: '0' }, []],
  ['nonsense', { LISTEN_PID: '7', LISTEN_FDS: 'x' }, []],
  ['nothing at all', {}, []],
])('takes from systemd: %s', (_, environment, sockets) => expect(systemdSockets(environment, 7)).toEqual(sockets));
