import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { type MetricDefinition } from './metric-definition';
import { scrapeMetrics } from './scrape.metrics';

/** How often the event loop is asked how late it is, ms. The library's default, 10, is most of what an idle notifier would
 *  cost. */
const LAG_LOOK_MS = 100;

/** The metrics of one application, with what every process says about itself (`process_*`, `nodejs_*`). */
export class MetricsRegistry extends Registry {
  private readonly readers: (() => void | Promise<void>)[] = [];
  private readonly scrapes: ReturnType<typeof registerMetrics<typeof scrapeMetrics>> | null = null;

  /** `ofProcess`: whether it tells of the process, too. */
  constructor(ofProcess = true) {
    super();
    if (!ofProcess) return;
    collectDefaultMetrics({ register: this, eventLoopMonitoringPrecision: LAG_LOOK_MS });
    this.scrapes = registerMetrics(this, scrapeMetrics);
    for (const code of ['200', '500', '503']) this.scrapes.requests.inc({ code }, 0);
  }

  /** Calls back before every scrape, to set gauges of what is only known when asked. */
  beforeScrape(read: () => void | Promise<void>): void {
    this.readers.push(read);
  }

  /** A reader that fails (its server is away) leaves its gauges as they were: the rest is wanted most just then. */
  override async metrics(): Promise<string> {
    await Promise.allSettled(this.readers.map(async (read) => read()));
    this.scrapes?.inFlight.inc();
    let code = '500';
    try {
      const text = await super.metrics();
      code = '200';
      return text;
    } finally {
      this.scrapes?.inFlight.dec();
      this.scrapes?.requests.inc({ code });
    }
  }
}

type MetricOf<Definition> = Definition extends { type: infer Type; labels: readonly (infer Label extends string)[] }
  ? Type extends 'counter'
    ? Counter<Label>
    : Type extends 'gauge'
      ? Gauge<Label>
      : Type extends 'summary'
        ? Summary<Label>
        : Histogram<Label>
  : never;

/** Registers metrics; those without labels exist at 0 at once. */
export function registerMetrics<const Definitions extends Readonly<Record<string, MetricDefinition>>>(
  registry: Registry,
  definitions: Definitions,
): { readonly [Key in keyof Definitions]: MetricOf<Definitions[Key]> } {
  const metrics = Object.entries(definitions).map(([key, definition]) => [key, register(registry, definition)]);
  return Object.fromEntries(metrics) as { readonly [Key in keyof Definitions]: MetricOf<Definitions[Key]> };
}

function register(registry: Registry, definition: MetricDefinition): Counter | Gauge | Histogram | Summary {
  const { name, help, labels, buckets } = definition;
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  switch (definition.type) {
    case 'counter':
      return new Counter(options);
    case 'gauge':
      return new Gauge(options);
    case 'summary':
      return new Summary({ ...options, percentiles: [] });
    case 'histogram':
      return new Histogram({ ...options, buckets: [...(buckets ?? [])] });
  }
}
