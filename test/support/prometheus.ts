import { RunningProcess } from './process';
import { TempFolder } from './temp-folder';
import { waitFor } from './wait-for';

export interface PrometheusOptions {
  /** Host:port scraped every second. */
  scrape: string;
  /** Text of a rule file Prometheus evaluates itself, every second. */
  rules?: string;
  /** Host:port of Alertmanagers it sends its alerts to. */
  alertmanagers?: readonly string[];
  externalLabels?: Readonly<Record<string, string>>;
  flags?: readonly string[];
}

/** Debian's Prometheus. */
export class Prometheus {
  private constructor(
    private readonly process: RunningProcess,
    private readonly folder: TempFolder,
  ) {}

  static async start(options: PrometheusOptions): Promise<Prometheus> {
    const { scrape, rules, alertmanagers = [], externalLabels = {}, flags = [] } = options;
    const folder = new TempFolder();
    if (rules !== undefined) folder.write('rules.yml', rules);
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s', external_labels: externalLabels },
      scrape_configs: [{ job_name: 'test', static_configs: [{ targets: [scrape] }] }],
      ...(rules === undefined ? {} : { rule_files: ['rules.yml'] }),
      alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    };
    const process = await RunningProcess.start({
      command: 'prometheus',
      args: [
        `--config.file=${folder.write('prometheus.yml', JSON.stringify(config))}`,
        `--storage.tsdb.path=${folder.file('data')}`,
        '--web.listen-address=127.0.0.1:0',
        '--rules.alert.resend-delay=1s',
        ...flags,
      ],
    });
    const prometheus = new Prometheus(process, folder);
    await waitFor('Prometheus to be ready', async () => (await fetch(`${prometheus.url}/-/ready`)).ok);
    return prometheus;
  }

  get url(): string {
    return `http://${this.process.addresses[0] ?? ''}`;
  }

  async stop(): Promise<void> {
    try {
      await this.process.stop(20_000);
    } finally {
      await this.folder.stop();
    }
  }
}
