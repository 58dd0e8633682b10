import { AppError } from '../errors/app-error';

export interface RedisAddress {
  host: string;
  port: number;
}

/** Where Redis is, as its URL says. */
export type RedisTarget = RedisLogin &
  (
    | { kind: 'single'; node: RedisAddress }
    | { kind: 'sentinel'; sentinels: readonly RedisAddress[]; master: string }
    | { kind: 'cluster'; nodes: readonly RedisAddress[] }
  );

interface RedisLogin {
  tls: boolean;
  username?: string;
  password?: string;
  /** Number of the database; always 0 on a cluster. */
  db: number;
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;
const FORM = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?$/;

/**
 * Reads `redis://[user:password@]host[:port][/db]` (`rediss` for TLS), `redis+sentinel://host,host/master[/db]` and
 * `redis+cluster://host,host`. Mistakes are told without the text of the URL, since it may hold a password.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const parts = FORM.exec(url.trim());
  if (!parts) throw invalid('expected redis://, rediss://, redis+sentinel:// or redis+cluster:// with a host');
  const [, scheme = '', kind, credentials, hosts = '', path = ''] = parts;
  const login = { tls: scheme === 'rediss', ...parseCredentials(credentials) };
  const segments = path.split('/').filter((segment) => segment !== '');
  switch (kind) {
    case 'sentinel': {
      const [master, db, ...rest] = segments;
      if (!master || rest.length) throw invalid('expected the master’s name after the sentinels: …/mastername[/db]');
      const sentinels = parseAddresses(hosts, SENTINEL_PORT);
      return { kind: 'sentinel', ...login, sentinels, master: decodeURIComponent(master), db: parseDb(db) };
    }
    case 'cluster':
      if (segments.length) throw invalid('a Redis Cluster has no database number and no other path');
      return { kind: 'cluster', ...login, nodes: parseAddresses(hosts, REDIS_PORT), db: 0 };
    default: {
      const [node, ...others] = parseAddresses(hosts, REDIS_PORT);
      if (!node || others.length)
        throw invalid('expected one host; several need redis+sentinel:// or redis+cluster://');
      if (segments.length > 1) throw invalid('expected at most a database number after the host');
      return { kind: 'single', ...login, node, db: parseDb(segments[0]) };
    }
  }
}

/** A Redis URL without user and password, for people to read. */
export function shownRedisUrl(url: string): string {
  parseRedisUrl(url);
  return url.trim().replace(/\/\/[^@/]*@/, '//');
}

function parseCredentials(text: string | undefined): Pick<RedisLogin, 'username' | 'password'> {
  if (!text) return {};
  const colon = text.indexOf(':');
  // Without a colon it is a user name alone; a password alone is written `:password`.
  const username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon));
  const password = colon < 0 ? '' : decodeURIComponent(text.slice(colon + 1));
  return { ...(username && { username }), ...(password && { password }) };
}

function parseAddresses(text: string, defaultPort: number): RedisAddress[] {
  return text.split(',').map((part) => {
    const [, host, bare, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const name = host ?? bare;
    if (!name || Number(port) > 65_535) throw invalid('expected host[:port], several parted by commas');
    return { host: name, port: port ? Number(port) : defaultPort };
  });
}

function parseDb(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,5}$/.test(text)) throw invalid('expected the database to be a number');
  return Number(text);
}

function invalid(what: string): AppError {
  return new AppError('redis_url_invalid', `invalid Redis URL: ${what}`);
}
