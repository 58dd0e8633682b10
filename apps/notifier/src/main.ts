import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type Backend } from '@tocsin/common/backend/backend.client';
import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type LaneCapacity, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { DueRunner } from '@tocsin/common/due-queue/due-runner.service';
import { AppError } from '@tocsin/common/errors/app-error';
import { parseExternalUrl } from '@tocsin/common/http/external-url';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { hostPort, type ListenAddress } from '@tocsin/common/http/listen-address';
import { ShutdownService } from '@tocsin/common/lifecycle/shutdown.service';
import { type Log } from '@tocsin/common/log/log';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { alertsQueue } from '@tocsin/common/queue/alerts.queue';
import { AlertsProcessor } from './alerts/alerts.processor';
import { type AlertView } from './alerts/alert-book';
import { ForgetAlertsService } from './alerts/forget-alerts.service';
import { IngestAlertsService } from './alerts/ingest-alerts.service';
import { OutageGuardService } from './alerts/outage-guard.service';
import { API_BASE } from './api/api.module';
import { NotifierModule } from './app.module';
import { type ActiveConfig } from './config/active-config';
import { configFileSource } from './config/config-source.loader';
import { ConfigReloadService } from './config/config-reload.service';
import { DeliverDueService } from './delivery/deliver-due.service';
import { GroupIndex } from './grouping/groups';
import { FlushGroupService } from './grouping/flush-group.service';
import { GroupTimersService } from './grouping/group-timers.service';
import { NotifierMetrics } from './metrics/notifier.metrics';
import { CONFIG_INVALID, EXTERNAL_URL_INVALID, STOP_INCOMPLETE } from './notifier.errors';
import { openNotifierStores } from './state.module';

/** What `tocsin notifier` was told. */
export interface NotifierOptions {
  readonly configFile: string;
  readonly listen: readonly ListenAddress[];
  readonly externalUrl: string | undefined;
  readonly routePrefix: string | undefined;
  readonly matcherMode: MatcherMode;
  /** How often ended alerts are forgotten, ms. Source: `--alerts.gc-interval`. Default of the flag 1 800 000. */
  readonly forgetIntervalMs: number;
  readonly build: BuildInfo;
  readonly hostname: string;
  /** Unique among the processes of the installation. */
  readonly instance: string;
  readonly backend: Backend;
  readonly log: Log;
}

/** A notifier at work. */
export interface RunningNotifier {
  /** `http://host:port` of the first listener. */
  readonly url: string;
  /** Takes the alerts of an evaluator in this process; resolves once they cannot be lost. */
  receive(message: AlertsMessage): Promise<void>;
  reload(): Promise<{ ok: true } | { ok: false; error: string }>;
  /** Orderly end; throws when something had to be cut off. */
  stop(): Promise<void>;
}

/** Groups under way at once, over all claims. */
const MAX_FLUSHES = 512;
/** Messages of evaluators in hand at once. */
const QUEUE_CONCURRENCY = 16;
const STOP_LIMIT_MS = 20_000;

/** Starts a notifier: nothing is claimed before all state is restored, and nothing listens before it can be answered. */
export async function startNotifier(options: NotifierOptions): Promise<RunningNotifier> {
  const { backend, log, build } = options;
  const { clock } = backend;
  const startedAtMs = clock.nowMs();
  const registry = new MetricsRegistry();
  const metrics = new NotifierMetrics(registry, build);
  let externalUrl = '';
  const context = {
    userAgent: `Tocsin/${build.version}`,
    externalUrl: () => externalUrl,
    clock,
    environment: process.env,
  };
  const source = configFileSource(options.configFile, options.matcherMode, context, log);

  const loaded = await source.load();
  if (!loaded.ok) throw new AppError(CONFIG_INVALID, loaded.error);
  const { config } = loaded;
  const integrations = source.buildIntegrations(config);
  metrics.configLoaded(config, clock.nowMs());

  const stores = await openNotifierStores(backend, options.instance, log);
  const { book, groups: groupQueue, deliveries } = stores;
  const shutdown = new ShutdownService(clock, log);
  shutdown.add('stores', 'state', () => stores.stop());

  const groups = new GroupIndex(config.routes, book.alerts.values());
  const active: ActiveConfig = { config, groups, integrations, incoming: null };
  book.onChange((changes) => {
    active.groups.apply(changes);
    active.incoming?.apply(changes);
  });

  const timers = new GroupTimersService(groupQueue, active, book, clock, log);
  const reloader = new ConfigReloadService(source, active, book, groupQueue, timers, clock, metrics, log);
  const guard = new OutageGuardService(book, stores.liveness, clock, log, options.instance);
  const ingest = new IngestAlertsService(book, active);
  const processor = new AlertsProcessor(ingest, clock, metrics);
  const flusher = new FlushGroupService(clock, active, book, stores.log, groupQueue, metrics);
  const deliverer = new DeliverDueService(
    clock,
    active,
    book,
    stores.log,
    groupQueue,
    deliveries,
    metrics,
    log,
    Math.random,
  );

  const flushRunner: DueRunner = new DueRunner({
    queue: groupQueue,
    clock,
    leaseMs: LEASE_MS,
    lanes: () => capacityOf(active.config.routes.lane, MAX_FLUSHES - flushRunner.load),
    handle: (claims) => flusher.flush(claims),
    mayClaim: () => guard.isClear(clock.nowMs()),
    log,
  });
  const deliveryRunner = new DueRunner({
    queue: deliveries,
    clock,
    leaseMs: LEASE_MS,
    lanes: () => deliverer.lanes(),
    handle: (claims) => deliverer.deliver(claims),
    mayClaim: () => guard.isClear(clock.nowMs()),
    log,
  });
  deliverer.onFreed = () => deliveryRunner.wake();
  const forgetter = new ForgetAlertsService(book, clock, log, options.forgetIntervalMs, (fingerprint) =>
    active.groups.isMember(fingerprint),
  );

  let instances: InstanceRegistry | null = null;
  const server = await HttpServer.create({
    module: NotifierModule.of({
      base: { readiness: { notReadyBecause: () => guard.notReadyBecause() }, reloader, registry },
      api: {
        clock,
        log,
        alerts: book.alerts,
        ingest,
        active,
        metrics,
        matcherMode: options.matcherMode,
        build,
        startedAtMs,
        instances: () => instances,
      },
    }),
    log,
    routePrefix: urlsOf(options, 0).routePrefix,
    jsonBase: API_BASE,
    observe: (request) => metrics.httpAnswered(request),
  });
  metrics.observeState({
    alerts: () => ({ active: countFiring(book.alerts, clock.nowMs()), suppressed: 0 }),
    groups: () => count(active.groups.groups()),
    replicaPosition: () => stores.position(),
    instances: () => instances,
  });
  registry.beforeScrape(async () => {
    if (backend.kind === 'redis') metrics.clockSkew(backend.skewMs());
    const integrationKeys = active.integrations.all().map(({ key }) => key);
    metrics.dueQueueDepth('groups', await groupQueue.size([active.config.routes.lane]));
    metrics.dueQueueDepth('deliveries', await deliveries.size(integrationKeys));
  });

  await timers.start();
  shutdown.add('workers', 'group timers', () => timers.stop());
  await guard.start();
  shutdown.add('workers', 'outage guard', () => guard.stop());
  const addresses: string[] = [];
  for (const address of options.listen) {
    const bound = await server.listen(address);
    addresses.push(hostPort(bound.host, bound.port));
  }
  externalUrl = urlsOf(options, portOf(addresses[0])).externalUrl;
  shutdown.add('intake', 'http server', () => server.close());
  instances = await stores.join(addresses[0] ?? '');

  if (backend.kind === 'redis') {
    // Loaded only where it is used: it takes as long as half of the start.
    const { openBullmqConsumer } = await import('@tocsin/common/queue/bullmq-queue');
    const handle = (message: AlertsMessage): Promise<void> => processor.process(message);
    const consumer = openBullmqConsumer({
      ...backend,
      contract: alertsQueue,
      handle,
      concurrency: QUEUE_CONCURRENCY,
      log,
    });
    shutdown.add('intake', 'alerts queue', () => consumer.close());
  }
  flushRunner.start();
  shutdown.add('workers', 'flushes', () => flushRunner.stop());
  deliveryRunner.start();
  shutdown.add('workers', 'deliveries', () => deliveryRunner.stop());
  forgetter.start();
  shutdown.add('workers', 'forgetting', () => forgetter.stop());
  shutdown.add('queues', 'receivers', () => active.integrations.close());

  return {
    url: `http://${addresses[0] ?? ''}`,
    receive: (message) => processor.process(message),
    reload: () => reloader.reload(),
    stop: async () => {
      if (!(await shutdown.shutdown(STOP_LIMIT_MS)))
        throw new AppError(STOP_INCOMPLETE, 'the notifier did not end in an orderly way');
    },
  };
}

function capacityOf(lane: string, max: number): LaneCapacity[] {
  return max > 0 ? [{ lane, max }] : [];
}

function countFiring(alerts: AlertView, nowMs: number): number {
  let firing = 0;
  for (const { endsAtMs } of alerts.values()) if (endsAtMs > nowMs) firing++;
  return firing;
}

function count(items: Iterable<unknown>): number {
  let counted = 0;
  for (const _ of items) counted++;
  return counted;
}

/** The URL and path prefix others reach this notifier by; throws for a bad `--web.external-url`. */
function urlsOf({ externalUrl, routePrefix, hostname }: NotifierOptions, port: number) {
  const urls = parseExternalUrl({ externalUrl, routePrefix, hostname, port });
  if (!urls.ok) throw new AppError(EXTERNAL_URL_INVALID, urls.error);
  return urls;
}

function portOf(address: string | undefined): number {
  return Number(address?.slice(address.lastIndexOf(':') + 1) ?? 0);
}
