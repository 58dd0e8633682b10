import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type Backend } from '@tocsin/common/backend/backend.client';
import { AppError } from '@tocsin/common/errors/app-error';
import { parseExternalUrl } from '@tocsin/common/http/external-url';
import { DEFAULT_HTTP_CONFIG } from '@tocsin/common/http/http-config';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { hostPort, type ListenAddress } from '@tocsin/common/http/listen-address';
import { openWebGuard } from '@tocsin/common/http/web-guard.service';
import { ShutdownService } from '@tocsin/common/lifecycle/shutdown.service';
import { type Log } from '@tocsin/common/log/log';
import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { alertsQueue } from '@tocsin/common/queue/alerts.queue';
import { InProcessQueue } from '@tocsin/common/queue/in-process-queue';
import { type QueueProducer } from '@tocsin/common/queue/queue-contract';
import { EvaluatorModule } from './app.module';
import { type AlertmanagerConfig } from './config/evaluator-config';
import { PrometheusClient, type PrometheusOptions } from './datasource/prometheus.client';
import { EvaluateGroupService } from './evaluation/evaluate-group.service';
import { EVALUATOR_STOP_INCOMPLETE, EVALUATOR_URL_INVALID, RULES_INVALID } from './evaluator.errors';
import { type ReloadResult, RuleReloadService } from './rules/rule-reload.service';
import { type LoadedSource, loadRuleSource, type RuleSource } from './rules/rule-source.loader';
import { GroupSchedulerService } from './scheduling/group-scheduler.service';
import { EvaluatorMetrics } from './scheduling/scheduling.metrics';
import { AlertmanagerAlertSender } from './sending/alertmanager-alert.sender';
import { ChosenAlertSender } from './sending/chosen-alert.sender';
import { QueueAlertSender } from './sending/queue-alert.sender';
import { openEvaluatorStores } from './state.module';
import { GroupStatesService } from './state/group-states.service';

/** What `tocsin evaluator` was told. */
export interface EvaluatorOptions {
  /** In the form of `prometheus.yml`; null for defaults. */
  readonly configFile: string | null;
  /** Rule files and patterns beside those of the configuration. */
  readonly ruleFiles: readonly string[];
  /** Null: the rules are loaded, but wait. */
  readonly datasource: PrometheusOptions | null;
  /** Base addresses of Alertmanagers beside those of the configuration. */
  readonly notifierUrls: readonly string[];
  /** Least time between two messages about an unchanged alert, ms. Default of the flag 60 000. */
  readonly resendDelayMs: number;
  /** Longest outage over which pending alerts keep their `for`, ms. Default of the flag 3 600 000. */
  readonly forOutageToleranceMs: number;
  readonly listen: readonly ListenAddress[];
  readonly externalUrl: string | undefined;
  /** TLS, passwords and headers of the server; null for none. Source: `--web.config.file`. */
  readonly webConfigFile: string | null;
  readonly build: BuildInfo;
  readonly hostname: string;
  /** Unique among the processes of the installation. */
  readonly instance: string;
  readonly backend: Backend;
  readonly log: Log;
  /** The notifier in this process, if there is one; without it the queue of the installation is used. */
  readonly notifier?: { receive(message: AlertsMessage): Promise<void> };
}

/** An evaluator at work. */
export interface RunningEvaluator {
  /** `http://host:port` of the first listener. */
  readonly url: string;
  reload(): Promise<ReloadResult>;
  /** Orderly end; throws when something had to be cut off. */
  stop(): Promise<void>;
}

const HOME_LINKS = ['-/ready', 'metrics', 'api/v1/rules', 'api/v1/alerts'];
const STOP_LIMIT_MS = 20_000;

/** Starts an evaluator: refuses files with mistakes, and evaluates each group from its next slot on. */
export async function startEvaluator(options: EvaluatorOptions): Promise<RunningEvaluator> {
  const { backend, log, build, instance } = options;
  const { clock } = backend;
  const http = { userAgent: `Tocsin/${build.version}`, clock, environment: process.env };
  const registry = new MetricsRegistry();
  const metrics = new EvaluatorMetrics(registry, build);
  const guard = openWebGuard(options.webConfigFile, clock, log);
  const load = () => loadSource(options);

  const loaded = await load();
  if (!loaded.ok) throw new AppError(RULES_INVALID, loaded.errors.join('\n'));
  let active: RuleSource = loaded.source;
  log.info('Completed loading of configuration and rules', {
    groups: active.groups.length,
    rules: active.groups.reduce((sum, { rules }) => sum + rules.length, 0),
  });
  let externalUrl = '';
  const alertmanagers = new AlertmanagerAlertSender(http, metrics, log);
  alertmanagers.prepare(active.config.alertmanagers).use();
  const datasource = options.datasource && new PrometheusClient(options.datasource, http);

  const shutdown = new ShutdownService(clock, log);
  const stores = await openEvaluatorStores(backend, instance, log);
  shutdown.add('stores', 'state', () => stores.stop());
  const states = new GroupStatesService(stores.states, log);
  const producer = await producerOf(options, shutdown);
  const sender = new ChosenAlertSender(alertmanagers, producer && new QueueAlertSender(producer, metrics, clock));
  shutdown.add('queues', 'alerts', () => sender.close());

  let scheduler: GroupSchedulerService | null = null;
  const reloader = new RuleReloadService({
    load,
    prepare: (source) => {
      const receivers = alertmanagers.prepare(source.config.alertmanagers);
      return async () => {
        receivers.use();
        active = source;
        await scheduler?.apply(source.groups);
      };
    },
    metrics,
    clock,
    log,
  });

  const server = await HttpServer.create({
    module: EvaluatorModule.of({
      base: {
        home: { name: 'Tocsin evaluator', version: build.version, links: HOME_LINKS },
        readiness: { notReadyBecause: () => null },
        reloader,
        registry,
      },
      api: { build, groups: () => active.groups, states },
    }),
    log,
    guard,
  });
  const addresses: string[] = [];
  for (const address of options.listen) {
    const bound = await server.listen(address);
    addresses.push(hostPort(bound.host, bound.port));
  }
  shutdown.add('intake', 'http server', () => server.close());
  externalUrl = externalUrlOf(options, addresses[0]);
  const instances = await stores.join(addresses[0] ?? '');

  if (datasource === null) {
    log.warn('Rules are not evaluated: no datasource', { groups: active.groups.length, hint: DATASOURCE_HINT });
  } else {
    const external = () => ({ labels: active.config.externalLabels, url: externalUrl });
    const evaluator = new EvaluateGroupService(datasource, states, sender, external, options, metrics, clock, log);
    const forget = async ({ id }: { readonly id: string }): Promise<void> => {
      evaluator.forget(id);
      await states.remove(id);
    };
    const groups = new GroupSchedulerService(stores.evaluations, instances, evaluator, forget, metrics, clock, log);
    scheduler = groups;
    shutdown.add('workers', 'evaluations', () => groups.stop());
    shutdown.add('queues', 'datasource', () => datasource.close());
    await groups.apply(active.groups);
    if (!producer && !alertmanagers.hasReceivers) {
      log.warn('Alerts are sent nowhere: no receiver', { hint: RECEIVER_HINT });
    }
  }
  metrics.reloaded(clock.nowMs());

  return {
    url: `${server.scheme}://${addresses[0] ?? ''}`,
    reload: () => reloader.reload(),
    stop: async () => {
      if (!(await shutdown.shutdown(STOP_LIMIT_MS)))
        throw new AppError(EVALUATOR_STOP_INCOMPLETE, 'the evaluator did not end in an orderly way');
      log.info('Evaluator drained: what was under way has ended');
    },
  };
}

async function loadSource(options: EvaluatorOptions): Promise<LoadedSource> {
  const { configFile, log } = options;
  const loaded = await loadRuleSource({ ...options, alertmanagers: receiversOf(options), environment: process.env });
  const sections = loaded.ok ? loaded.source.config.withoutEffect : [];
  if (sections.length > 0) {
    log.warn('Configuration has no effect in this version', { file: configFile, sections: sections.join(', ') });
  }
  return loaded;
}

const DATASOURCE_HINT = '--datasource.url=http://localhost:9090 names a Prometheus to query';
const RECEIVER_HINT = '--notifier.url, alerting.alertmanagers or a notifier on the same Redis';

/** Of the notifier of this installation; null when there is none. */
async function producerOf(
  { backend, notifier, log }: EvaluatorOptions,
  shutdown: ShutdownService,
): Promise<QueueProducer<AlertsMessage> | null> {
  if (backend.kind === 'redis') {
    // Loaded only where it is used: it takes as long as half of the start.
    const { openBullmqProducer } = await import('@tocsin/common/queue/bullmq-queue');
    return openBullmqProducer({ ...backend, contract: alertsQueue, log });
  }
  if (!notifier) return null;
  const queue = new InProcessQueue({ contract: alertsQueue, clock: backend.clock, log });
  queue.consume((message) => notifier.receive(message));
  // Beside the evaluations, not after them: they wait for what is tried again here.
  shutdown.add('workers', 'hand-over', () => queue.close());
  return queue;
}

function receiversOf({ notifierUrls }: EvaluatorOptions): AlertmanagerConfig[] {
  const urls = notifierUrls.map((url) => `${url.replace(/\/+$/, '')}/api/v2/alerts`);
  return urls.length === 0 ? [] : [{ urls, timeoutMs: 10_000, http: DEFAULT_HTTP_CONFIG }];
}

/** The URL others reach this evaluator by; throws for a bad `--web.external-url`. */
function externalUrlOf({ externalUrl, hostname }: EvaluatorOptions, address: string | undefined): string {
  const port = Number(address?.slice(address.lastIndexOf(':') + 1) ?? 0);
  const urls = parseExternalUrl({ externalUrl, routePrefix: undefined, hostname, port });
  if (!urls.ok) throw new AppError(EVALUATOR_URL_INVALID, urls.error);
  return urls.externalUrl;
}
