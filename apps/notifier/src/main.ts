import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { AppError } from '@tocsin/common/errors/app-error';
import { parseExternalUrl } from '@tocsin/common/http/external-url';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { hostPort } from '@tocsin/common/http/listen-address';
import { openWebGuard } from '@tocsin/common/http/web-guard.service';
import { ShutdownService } from '@tocsin/common/lifecycle/shutdown.service';
import { reasonOf } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { alertsQueue } from '@tocsin/common/queue/alerts.queue';
import { type Clock, sleep } from '@tocsin/common/time/clock';
import { API_BASE } from './api/api.module';
import { servicesOf } from './api/tocsin/tocsin-services.module';
import { type ApiParts } from './api/v2/api-parts';
import { NotifierModule } from './app.module';
import { type ActiveConfig } from './config/active-config';
import { configFileSource } from './config/config-source.loader';
import { ConfigDivergenceService } from './config/config-divergence.service';
import { ConfigReloadService } from './config/config-reload.service';
import { pushedConfigOf } from './config/pushed-config.module';
import { assembleEventRecorder } from './event-recorder/event-recorder.module';
import { GroupIndex } from './grouping/groups';
import { routeLabelsFor } from './grouping/route-labels.service';
import { InhibitionIndex } from './inhibition/inhibition-index';
import { NotifierMetrics } from './metrics/notifier.metrics';
import { HttpMetrics } from './metrics/http.metrics';
import { observeNotifier } from './metrics/observe-notifier.metrics';
import { registerPeerMetrics } from './metrics/peer.metrics';
import { moveIn } from './moving-in/moving-in.module';
import { CONFIG_INVALID, EXTERNAL_URL_INVALID, STOP_INCOMPLETE } from './notifier.errors';
import { type NotifierOptions } from './notifier-options';
import { knownGroups } from './outage/known-groups';
import { OutageMetrics } from './outage/outage.metrics';
import { StateReadiness } from './outage/state-readiness.service';
import { assemblePipeline } from './pipeline.module';
import { SilencesMetrics } from './silences/silences.metrics';
import { SilencesService } from './silences/silences.service';
import { type NotifierStores, openNotifierStores } from './state.module';
import { clientSpans, serverSpans } from './tracing/http-spans.service';
import { tracedConfigSource } from './tracing/traced-config-source.service';
import { TracingService } from './tracing/tracing.service';
import { openTimelineStore } from './timeline/timeline.module';
import { TimelineQueriesService } from './timeline/timeline-queries.service';
import { TimelineService } from './timeline/timeline.service';

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

/** Messages of evaluators in hand at once. */
const QUEUE_CONCURRENCY = 16;
const HOME_LINKS = ['-/ready', 'metrics', 'api/v2/status', 'api/v2/openapi.json'];
const STOP_LIMIT_MS = 20_000;
/** How often the start looks whether Redis is there, ms. */
const START_LOOK_MS = 2_000;

/** Starts a notifier: nothing is claimed before all state is restored. */
export async function startNotifier(options: NotifierOptions): Promise<RunningNotifier> {
  const { backend, log, build } = options;
  const { clock } = backend;
  const startedAtMs = clock.nowMs();
  const registry = new MetricsRegistry();
  const metrics = new NotifierMetrics(registry, build, options.features);
  registerPeerMetrics(registry);
  const http = new HttpMetrics(registry);
  const silencesMetrics = new SilencesMetrics(registry);
  const shutdown = new ShutdownService(clock, log);
  const guard = openWebGuard(options.webConfigFile, clock, log);
  let externalUrl = '';
  const outgoing = { userAgent: `Tocsin/${build.version}`, clock, environment: process.env };
  const tracing = new TracingService(async (config) => {
    // Loaded only where it is used: most trace nothing.
    const { openOtlpTracer } = await import('./tracing/otlp-tracer.client');
    return openOtlpTracer(config, { ...outgoing, version: build.version, instance: options.instance, log });
  }, log);
  const context = { ...outgoing, externalUrl: () => externalUrl, spans: clientSpans(tracing) };
  const toReceivers = { ...context, egress: options.egress };

  const file = configFileSource(options.configFile, options.matcherMode, toReceivers, log, options.dataRetentionMs);
  const pushed = pushedConfigOf(options, file);
  const source = tracedConfigSource(pushed ?? file, tracing);
  const loaded = await source.load();
  if (!loaded.ok) throw new AppError(CONFIG_INVALID, loaded.error);
  const { config } = loaded;
  const integrations = source.buildIntegrations(config);
  metrics.configLoaded(config, clock.nowMs());
  log.info('Completed loading of configuration file', {
    file: options.configFile,
    receivers: config.receivers.length,
    routes: config.routes.byId.size,
  });

  const timelineStore = openTimelineStore(backend, {
    retentionMs: options.timelineRetentionMs,
    maxEntries: options.timelineMaxEntries,
  });
  const timeline = new TimelineService(timelineStore, clock, metrics, log);
  const stores = await openNotifierStores(backend, {
    instance: options.instance,
    graceMs: options.redisOutageGraceMs,
    log,
    timeline,
    outageMetrics: new OutageMetrics(registry),
  });
  shutdown.add('stores', 'state', () => stores.stop());
  shutdown.add('queues', 'timeline', () => timeline.stop());
  shutdown.add('queues', 'tracing', () => tracing.stop());

  const active: ActiveConfig = {
    config,
    groups: new GroupIndex(config.routes, stores.book.alerts.values()),
    inhibition: new InhibitionIndex(config.inhibitRules, stores.book.alerts.values()),
    integrations,
    incoming: null,
  };
  stores.book.onChange((changes) => {
    for (const follower of [active, active.incoming]) {
      follower?.groups.apply(changes);
      follower?.inhibition.apply(changes);
    }
  });
  stores.knows(() => knownGroups(active));

  let instances: InstanceRegistry | null = null;
  const parts = {
    options,
    stores,
    active,
    metrics,
    timeline,
    tracer: tracing,
    instances: () => instances,
    startedAtMs,
    routeLabelsOf: routeLabelsFor(active, () => externalUrl, log),
  };
  const pipeline = assemblePipeline(parts);
  stores.onChange(() => void pipeline.timers.arm());
  const reloader = new ConfigReloadService(
    source,
    active,
    stores.book,
    stores.groups,
    pipeline.timers,
    clock,
    metrics,
    log,
    timeline,
    options.restartTimersOnReload ? 'restart timers' : 'keep timers',
    (leftovers) => pipeline.vanished.add(leftovers),
  );
  const recorder = assembleEventRecorder(options, stores, active, pipeline.muting, context, registry, () => instances);
  const reload = async () => {
    const result = await reloader.reload();
    if (result.ok) await recorder?.reload(result.config.eventRecorder);
    return result;
  };
  const silences = new SilencesService(
    { store: stores.silences, clock, log, timeline, metrics: silencesMetrics, randomUUID: () => crypto.randomUUID() },
    {
      retentionMs: options.dataRetentionMs,
      maintenanceIntervalMs: options.maintenanceIntervalMs,
      maxSilences: options.maxSilences,
      maxSilenceBytes: options.maxSilenceBytes,
      logSilences: options.logSilences,
      labelNames: options.matcherMode === 'classic' ? 'classic' : 'utf8',
    },
  );

  const divergence = new ConfigDivergenceService(
    () => instances?.live() ?? [],
    () => active.config.hash,
    clock,
    log,
    timeline,
  );

  const readiness = new StateReadiness(
    () => stores.view(),
    options.redisOutageGraceMs,
    () => pipeline.guard.notReadyBecause(),
    () => stores.problem(),
  );
  let isServing = false;
  const api: ApiParts = {
    clock,
    log,
    alerts: stores.book.alerts,
    ingest: pipeline.ingest,
    active,
    muting: pipeline.muting,
    silences,
    metrics,
    matcherMode: options.matcherMode,
    build,
    startedAtMs,
    instances: () => instances,
    state: () => stores.view(),
    routeLabelsOf: parts.routeLabelsOf,
  };
  const queries = new TimelineQueriesService(timelineStore, timeline);
  const services = servicesOf(options, stores, active, pipeline, timeline, queries, () => externalUrl);
  shutdown.add('intake', 'drills', async () => services.drills.stop());
  const server = await HttpServer.create({
    module: NotifierModule.of({
      base: {
        home: { name: 'Tocsin notifier', version: build.version, links: HOME_LINKS },
        readiness,
        reloader: { reload },
        registry,
      },
      api,
      services: {
        ...services,
        config: {
          push:
            pushed &&
            (async (text) => {
              const result = await pushed.push(text);
              if (result.ok) await reload();
              return result;
            }),
        },
      },
    }),
    log,
    routePrefix: urlsOf(options, 0).routePrefix,
    jsonBase: API_BASE,
    getLimit: http.getLimit(options.getConcurrency),
    timeoutMs: options.webTimeoutMs,
    guard,
    spans: serverSpans(tracing, `${urlsOf(options, 0).routePrefix}/api/`),
    unavailableBecause: () => (isServing ? null : (readiness.notReadyBecause() ?? 'the state is being restored')),
    observe: (request) => {
      metrics.httpAnswered(request);
      http.answered(request);
    },
  });
  observeNotifier(options, stores, active, pipeline, metrics, registry, () => instances);
  silencesMetrics.observe(stores.silences.silences, clock);

  const addresses: string[] = [];
  for (const address of options.listen) {
    const bound = await server.listen(address);
    addresses.push(hostPort(bound.host, bound.port));
  }
  externalUrl = urlsOf(options, portOf(addresses[0])).externalUrl;
  shutdown.add('intake', 'http server', () => server.close());

  let isStopping = false;
  const begin = async (): Promise<void> => {
    await stores.started;
    if (isStopping) return;
    await moveIn(options, stores, active, timeline);
    if (recorder !== null) {
      recorder.start(active.config.eventRecorder);
      timeline.follow(recorder);
      shutdown.add('queues', 'event recorder', () => recorder.stop());
    }
    await pipeline.timers.start();
    shutdown.add('workers', 'group timers', () => pipeline.timers.stop());
    await pipeline.guard.start();
    shutdown.add('workers', 'outage guard', () => pipeline.guard.stop());
    isServing = true;
    log.info('State restored', {
      alerts: stores.book.alerts.size,
      silences: stores.silences.silences.size,
      groups: [...active.groups.groups()].length,
      durationMs: clock.nowMs() - startedAtMs,
    });
    instances = await stores.join(addresses[0] ?? '', () => ({ config: String(active.config.hash) }));

    if (backend.kind === 'redis') {
      // Loaded only where it is used: it takes as long as half of the start.
      const { openBullmqConsumer } = await import('@tocsin/common/queue/bullmq-queue');
      const handle = (message: AlertsMessage): Promise<void> => pipeline.processor.process(message);
      const consumer = openBullmqConsumer({
        ...backend,
        contract: alertsQueue,
        handle,
        concurrency: QUEUE_CONCURRENCY,
        log,
      });
      shutdown.add('intake', 'alerts queue', () => consumer.close());
    }
    const workers = [
      ['flushes', pipeline.flushes],
      ['deliveries', pipeline.sends],
      ['forgetting', pipeline.forgetter],
      ['silences', silences],
      ['configuration of others', divergence],
    ] as const;
    for (const [name, worker] of workers) {
      worker.start();
      shutdown.add('workers', name, () => worker.stop());
    }
    pushed?.follow(reload);
    shutdown.add('workers', 'pushed configuration', async () => pushed?.stop());
    shutdown.add('workers', 'removed routes', () => pipeline.vanished.stop());
    shutdown.add('queues', 'receivers', () => active.integrations.close());
  };
  const begun = begin();
  if (!(await isBegun(begun, stores, clock))) {
    log.error('Redis cannot be reached: waiting for it, and then working without it', {
      graceMs: options.redisOutageGraceMs,
    });
    begun.catch((error: unknown) => log.error('The notifier could not begin its work', { err: reasonOf(error) }));
  }

  return {
    url: `${server.scheme}://${addresses[0] ?? ''}`,
    receive: (message) => pipeline.processor.process(message),
    reload,
    stop: async () => {
      isStopping = true;
      if (!(await shutdown.shutdown(STOP_LIMIT_MS)))
        throw new AppError(STOP_INCOMPLETE, 'the notifier did not end in an orderly way');
      log.info('Notifier drained: what was under way has ended');
    },
  };
}

/** True once the work has begun; false as soon as it is known to wait for a Redis that is away. */
async function isBegun(begun: Promise<void>, stores: NotifierStores, clock: Clock): Promise<boolean> {
  for (;;) {
    const looked = sleep(clock, START_LOOK_MS).then(() => false);
    if (await Promise.race([begun.then(() => true), looked])) return true;
    if (stores.view()?.isAvailable === false) return false;
  }
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
