import { Alertmanager } from '../support/alertmanager';
import { type MemoryUse } from '../support/process-usage';
import { startOwnRedis } from '../support/redis';
import { startNotifier, startStandalone } from '../support/tocsin';
import { type BenchOptions } from './options';

/** CPU time so far, seconds. */
export interface CpuTime {
  server: number;
  /** 0 where there is no Redis. */
  redis: number;
}

/** A server under load. */
export interface Server {
  readonly url: string;
  cpu(): CpuTime;
  memory(): MemoryUse;
  kill(): Promise<unknown>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A kind of server: started anew for each case. */
export interface Target {
  readonly name: string;
  start(config: string): Promise<Server>;
}

/** Ours first, then the peer if asked for. They never run at the same time. */
export function targets(options: BenchOptions): Target[] {
  const ours: Target = options.redis
    ? { name: 'tocsin+redis', start: (config) => startDistributed(config, options.aof) }
    : { name: 'tocsin', start: startEmbedded };
  const peer: Target = { name: 'alertmanager', start: startPeer };
  if (options.peerOnly) return [peer];
  return options.peer ? [ours, peer] : [ours];
}

async function startEmbedded(config: string): Promise<Server> {
  const tocsin = await startStandalone({ config });
  return {
    url: tocsin.url,
    cpu: () => ({ server: tocsin.process.cpuSeconds(), redis: 0 }),
    memory: () => tocsin.process.memory(),
    kill: () => tocsin.kill(),
    restart: () => tocsin.restart(),
    stop: () => tocsin.stop(),
  };
}

async function startDistributed(config: string, aof: boolean): Promise<Server> {
  const redis = await startOwnRedis(['--appendonly', aof ? 'yes' : 'no']);
  const tocsin = await startNotifier({ config, redis });
  return {
    url: tocsin.url,
    cpu: () => ({ server: tocsin.process.cpuSeconds(), redis: redis.process?.cpuSeconds() ?? 0 }),
    memory: () => tocsin.process.memory(),
    kill: () => tocsin.kill(),
    restart: () => tocsin.restart(),
    async stop() {
      await tocsin.stop();
      await redis.stop();
    },
  };
}

async function startPeer(config: string): Promise<Server> {
  const peer = await Alertmanager.start(config);
  return {
    url: peer.url,
    cpu: () => ({ server: peer.process.cpuSeconds(), redis: 0 }),
    memory: () => peer.process.memory(),
    kill: () => peer.kill(),
    restart: () => peer.restart(),
    stop: () => peer.stop(),
  };
}
