import { Cluster, type Command, Redis, type RedisOptions } from 'ioredis';
import { type Log, reasonOf } from '../log/log';
import { type RedisClient } from './lua-command.loader';
import { parseRedisUrl, type RedisAddress, type RedisTarget } from './redis-url';

export interface RedisConnectionOptions {
  url: string;
  /** Shown by `CLIENT LIST`. Default: none. */
  name?: string;
  /** For `rediss`: PEM texts and checks beyond the system's own. */
  tls?: RedisTls;
  /** A command without an answer for this long has failed, ms: a Redis that hangs must not hang us. Default 5 000. */
  commandTimeoutMs?: number;
  log: Log;
}

export interface RedisTls {
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** Without the option that changes the types of replies. */
type Options = Omit<RedisOptions, 'replyMapping'>;

const COMMAND_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;

/** Delay before the nth attempt to reconnect, ms. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt - 1, 6), 2_000);
}

/**
 * The connections of one process to its Redis: one for commands, one for subscriptions, and one for each part that
 * blocks. Commands fail rather than wait for a Redis that is away, so that callers can decide what an outage means;
 * commands that were under way when the connection broke are not sent again, because they may have been executed.
 */
export class RedisConnection {
  /** For every command that does not block. */
  readonly commands: RedisClient;

  private subscriber: RedisClient | null = null;
  private readonly listeners = new Map<string, Set<(message: string) => void>>();
  private readonly others = new Set<RedisClient>();
  /** Which of them are without Redis, and the reasons that were logged since all of them had it. */
  private readonly away = new Set<RedisClient>();
  private readonly reasons = new Set<string>();

  constructor(private readonly options: RedisConnectionOptions) {
    this.commands = this.connect({
      commandTimeout: options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS,
      // When the connection breaks or cannot be made, all that waits for it fails, and is not sent later.
      maxRetriesPerRequest: 0,
    });
  }

  /** A connection of its own for a caller that blocks on it; waits for Redis as long as it takes. */
  blocking(): RedisClient {
    const client = this.connect({ maxRetriesPerRequest: null });
    this.others.add(client);
    return client;
  }

  /** Calls back for every message of a channel, over reconnections; resolves once subscribed. */
  async subscribe(channel: string, listener: (message: string) => void): Promise<void> {
    const subscriber = (this.subscriber ??= this.openSubscriber());
    const known = this.listeners.get(channel);
    if (known) known.add(listener);
    else this.listeners.set(channel, new Set([listener]));
    await subscriber.subscribe(channel);
  }

  async unsubscribe(channel: string, listener: (message: string) => void): Promise<void> {
    const known = this.listeners.get(channel);
    if (!known?.delete(listener) || known.size > 0) return;
    this.listeners.delete(channel);
    if (this.subscriber?.status === 'ready') await this.subscriber.unsubscribe(channel);
  }

  /** Ends all connections; commands without an answer fail. */
  close(): void {
    for (const client of [this.commands, this.subscriber, ...this.others]) client?.disconnect();
    this.listeners.clear();
  }

  private openSubscriber(): RedisClient {
    const client = this.connect({ maxRetriesPerRequest: null });
    client.on('message', (channel: string, message: string) => {
      for (const listener of this.listeners.get(channel) ?? []) listener(message);
    });
    return client;
  }

  private connect(options: Options): RedisClient {
    const client = openClient(parseRedisUrl(this.options.url), {
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: reconnectDelayMs,
      // After a failover the old master may still answer, read-only: find the new one.
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
      ...options,
      ...(this.options.name && { connectionName: this.options.name }),
      ...(this.options.tls && { tls: { ...this.options.tls } }),
    });
    client.on('error', (error: unknown) => this.failed(client, error));
    client.on('ready', () => this.recovered(client));
    client.on('end', () => this.away.delete(client));
    return client;
  }

  /** Each client meets an outage for itself, and may say it in other words than the others: it is logged once. */
  private failed(client: RedisClient, error: unknown): void {
    this.away.add(client);
    const reason = reasonOf(error);
    if (this.reasons.has(reason)) return;
    this.reasons.add(reason);
    this.options.log.error('Redis is not reachable', { err: reason });
  }

  private recovered(client: RedisClient): void {
    this.away.delete(client);
    if (this.away.size > 0 || this.reasons.size === 0) return;
    this.reasons.clear();
    this.options.log.info('Redis is reachable again');
  }
}

function openClient(target: RedisTarget, options: Options): RedisClient {
  const login: Options = {
    ...options,
    ...(target.username !== undefined && { username: target.username }),
    ...(target.password !== undefined && { password: target.password }),
    ...(target.tls && { tls: options.tls ?? {} }),
  };
  switch (target.kind) {
    case 'single':
      return new Redis({ ...login, ...target.node, db: target.db });
    case 'sentinel':
      return new Redis({
        ...login,
        db: target.db,
        sentinels: [...target.sentinels],
        name: target.master,
        sentinelRetryStrategy: reconnectDelayMs,
        ...(target.tls && { enableTLSForSentinelMode: true, sentinelTLS: login.tls ?? {} }),
      });
    case 'cluster':
      return openCluster(target.nodes, login);
  }
}

function openCluster(nodes: readonly RedisAddress[], { commandTimeout, ...redisOptions }: Options): Cluster {
  const isForCommands = commandTimeout !== undefined;
  const cluster = new Cluster([...nodes], {
    redisOptions,
    clusterRetryStrategy: reconnectDelayMs,
    ...(isForCommands && { retryDelayOnFailover: 0 }), // do not send a command again whose connection broke
  });
  if (!isForCommands) return cluster;
  // The option of this name is for a node's commands; those that wait for the cluster itself would wait for ever.
  const send = cluster.sendCommand.bind(cluster);
  cluster.sendCommand = (command: Command, ...where) => {
    command.setTimeout(commandTimeout);
    return send(command, ...where);
  };
  return cluster;
}
