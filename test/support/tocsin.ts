import { fileURLToPath } from 'node:url';
import { type ExitStatus, RunningProcess } from './process';
import { type RedisPlace } from './redis';
import { TempFolder } from './temp-folder';
import { waitFor } from './wait-for';

/** TOCSIN_PROGRAM, else the one built in this checkout. */
export const PROGRAM = process.env['TOCSIN_PROGRAM'] ?? fileURLToPath(new URL('../../bin/tocsin', import.meta.url));

export interface TocsinOptions {
  /** Text of `alertmanager.yml`; needed by all that notify. */
  config?: string;
  /** Text of a Prometheus rule file, written to the process's own folder. */
  rules?: string;
  /** Path of one that several evaluators share: its path is part of a rule group's identity. */
  ruleFile?: string;
  datasourceUrl?: string;
  /** Without it the state is embedded. */
  redis?: RedisPlace;
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

type App = 'standalone' | 'notifier' | 'evaluator';

/** Both apps in one process, state embedded. */
export function startStandalone(options: TocsinOptions): Promise<Tocsin> {
  return Tocsin.start('standalone', options);
}

export function startNotifier(options: TocsinOptions): Promise<Tocsin> {
  return Tocsin.start('notifier', options);
}

export function startEvaluator(options: TocsinOptions): Promise<Tocsin> {
  return Tocsin.start('evaluator', options);
}

/** A running Tocsin with a folder of its own, which survives `kill` and `restart`. */
export class Tocsin {
  /** The notifier's address, `http://host:port`; empty where none runs. */
  url = '';
  /** The evaluator's. */
  evaluatorUrl = '';
  process!: RunningProcess;

  private constructor(
    private readonly app: App,
    private readonly options: TocsinOptions,
    readonly folder: TempFolder,
  ) {}

  static async start(app: App, options: TocsinOptions): Promise<Tocsin> {
    const folder = new TempFolder();
    const tocsin = new Tocsin(app, options, folder);
    if (options.config !== undefined) tocsin.writeConfig(options.config);
    if (options.rules !== undefined) tocsin.writeRules(options.rules);
    try {
      await tocsin.startProcess();
    } catch (error) {
      await folder.stop();
      throw error;
    }
    return tocsin;
  }

  writeConfig(text: string): void {
    this.folder.write('alertmanager.yml', text);
  }

  writeRules(text: string): void {
    this.folder.write('rules.yml', text);
  }

  /** `kill -9`. */
  async kill(): Promise<ExitStatus> {
    return this.process.kill();
  }

  /** Starts it again after `kill` or an orderly end, on the same addresses and folder. */
  async restart(): Promise<void> {
    await this.process.exited;
    await this.startProcess();
  }

  /** `POST /-/reload` of the notifier, as operators do it. */
  async reload(): Promise<Response> {
    return fetch(`${this.url}/-/reload`, { method: 'POST' });
  }

  async stop(): Promise<void> {
    try {
      await this.process.stop(30_000);
    } finally {
      await this.folder.stop();
    }
  }

  private async startProcess(): Promise<void> {
    const { redis, env = {} } = this.options;
    this.process = await RunningProcess.start({
      command: PROGRAM,
      args: [this.app, ...this.flags()],
      env: { ...(redis ? { REDIS_URL: redis.url } : { REDIS_URL: '' }), ...env },
      cwd: this.folder.path,
      listeners: this.app === 'standalone' ? 2 : 1,
    });
    await this.tellAppsApart();
    await waitFor(
      () => `${this.app} to be ready; it printed:\n${this.process.tail()}`,
      async () => (await Promise.all(this.urls().map(isReady))).every(Boolean) || this.process.hasEnded,
      { everyMs: 20 },
    );
  }

  private flags(): string[] {
    const { config, rules, datasourceUrl, redis, flags = [] } = this.options;
    const ruleFile = rules === undefined ? this.options.ruleFile : this.folder.file('rules.yml');
    const notifies = this.app !== 'evaluator';
    const evaluates = this.app !== 'notifier';
    return [
      `--storage.path=${this.folder.file('data')}`,
      ...(notifies ? [`--web.listen-address=${hostPort(this.url)}`] : []),
      ...(notifies && config !== undefined ? [`--config.file=${this.folder.file('alertmanager.yml')}`] : []),
      ...(this.app === 'standalone' ? [`--evaluator.web.listen-address=${hostPort(this.evaluatorUrl)}`] : []),
      ...(this.app === 'evaluator' ? [`--web.listen-address=${hostPort(this.evaluatorUrl)}`] : []),
      ...(evaluates && ruleFile !== undefined ? [`--rule.file=${ruleFile}`] : []),
      ...(evaluates && datasourceUrl !== undefined ? [`--datasource.url=${datasourceUrl}`] : []),
      ...(redis ? [`--redis.prefix=${redis.prefix}`] : []),
      ...flags,
    ];
  }

  /** Standalone announces two listeners; only the notifier answers Alertmanager's status. */
  private async tellAppsApart(): Promise<void> {
    const urls = this.process.addresses.map((address) => `http://${address}`);
    if (this.app === 'notifier') this.url = urls[0] ?? '';
    if (this.app === 'evaluator') this.evaluatorUrl = urls[0] ?? '';
    if (this.app !== 'standalone') return;
    for (const url of urls) {
      const status = await fetch(`${url}/api/v2/status`);
      await status.arrayBuffer();
      if (status.ok) this.url = url;
      else this.evaluatorUrl = url;
    }
  }

  private urls(): string[] {
    return [this.url, this.evaluatorUrl].filter((url) => url !== '');
  }
}

/** Where to listen: where it listened before, else on a port the system picks. */
function hostPort(url: string): string {
  return url === '' ? '127.0.0.1:0' : new URL(url).host;
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/-/ready`);
  await response.arrayBuffer();
  return response.ok;
}
