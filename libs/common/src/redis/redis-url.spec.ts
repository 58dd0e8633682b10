import { expect, it } from 'vitest';
import { AppError } from '../errors/app-error';
import { parseRedisUrl, shownRedisUrl } from './redis-url';

const node = (host: string, port: number) => ({ host, port });

it.each([
  ['redis://localhost', { kind: 'single', tls: false, node: node('localhost', 6379), db: 0 }],
  ['redis://10.0.0.1:6380/3', { kind: 'single', tls: false, node: node('10.0.0.1', 6380), db: 3 }],
  [
    'rediss://me:p%40ss:word@r.example/',
    { kind: 'single', tls: true, username: 'me', password: 'p@ss:word', node: node('r.example', 6379), db: 0 },
  ],
  [
    'redis://:secret@localhost',
    { kind: 'single', tls: false, password: 'secret', node: node('localhost', 6379), db: 0 },
  ],
  ['redis://[::1]:7000', { kind: 'single', tls: false, node: node('::1', 7000), db: 0 }],
  [
    'redis+sentinel://a,b:26380/main',
    { kind: 'sentinel', tls: false, sentinels: [node('a', 26379), node('b', 26380)], master: 'main', db: 0 },
  ],
  [
    'rediss+sentinel://u:p@a/main/2',
    { kind: 'sentinel', tls: true, username: 'u', password: 'p', sentinels: [node('a', 26379)], master: 'main', db: 2 },
  ],
  ['redis+cluster://a:7000,b', { kind: 'cluster', tls: false, nodes: [node('a', 7000), node('b', 6379)], db: 0 }],
])('parseRedisUrl reads %s', (url, target) => expect(parseRedisUrl(url)).toEqual(target));

it.each([
  ['', 'expected redis://'],
  ['localhost:6379', 'expected redis://'],
  ['http://localhost', 'expected redis://'],
  ['redis://', 'expected redis://'],
  ['redis://a,b', 'expected one host'],
  ['redis://a:99999', 'expected host[:port]'],
  ['redis://a:', 'expected host[:port]'],
  ['redis://a/one', 'expected the database'],
  ['redis://a/1/2', 'at most a database'],
  ['redis+sentinel://a', 'the master’s name'],
  ['redis+sentinel://a/main/0/x', 'the master’s name'],
  ['redis+cluster://a/1', 'no database number'],
])('parseRedisUrl refuses "%s"', (url, reason) => expect(() => parseRedisUrl(url)).toThrow(reason));

it('parseRedisUrl shows no password in its errors', () => {
  try {
    parseRedisUrl('redis://:topsecret@a:99999');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(String(error)).not.toContain('topsecret');
  }
});

it.each([
  ['redis://host', 'redis://host'],
  ['rediss://user:p%40ss@host:1/2', 'rediss://host:1/2'],
  ['redis+sentinel://:secret@a,b:2/main', 'redis+sentinel://a,b:2/main'],
])('shows %s without who logs in', (url, shown) => expect(shownRedisUrl(url)).toBe(shown));
