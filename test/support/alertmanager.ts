import { type ExitStatus, RunningProcess } from './process';
import { TempFolder } from './temp-folder';
import { waitFor } from './wait-for';

/** Debian's Alertmanager without clustering: the peer we compare with. */
export class Alertmanager {
  url = '';
  process!: RunningProcess;

  private constructor(
    private readonly folder: TempFolder,
    private readonly flags: readonly string[],
  ) {}

  static async start(config: string, flags: readonly string[] = []): Promise<Alertmanager> {
    const folder = new TempFolder();
    folder.write('alertmanager.yml', config);
    const peer = new Alertmanager(folder, flags);
    await peer.startProcess();
    return peer;
  }

  async kill(): Promise<ExitStatus> {
    return this.process.kill();
  }

  /** Starts it again on the same address and folder. */
  async restart(): Promise<void> {
    await this.process.exited;
    await this.startProcess();
  }

  /** Gives it another configuration; throws when it refuses it. */
  async reload(config: string): Promise<void> {
    this.folder.write('alertmanager.yml', config);
    const answer = await fetch(`${this.url}/-/reload`, { method: 'POST' });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async stop(): Promise<void> {
    try {
      await this.process.stop(20_000);
    } finally {
      await this.folder.stop();
    }
  }

  private async startProcess(): Promise<void> {
    this.process = await RunningProcess.start({
      command: 'prometheus-alertmanager',
      args: [
        `--config.file=${this.folder.file('alertmanager.yml')}`,
        `--storage.path=${this.folder.file('data')}`,
        `--web.listen-address=${this.url === '' ? '127.0.0.1:0' : new URL(this.url).host}`,
        '--cluster.listen-address=',
        ...this.flags,
      ],
    });
    this.url = `http://${this.process.addresses[0] ?? ''}`;
    await waitFor('Alertmanager to be ready', async () => (await fetch(`${this.url}/-/ready`)).ok, { everyMs: 20 });
  }
}
