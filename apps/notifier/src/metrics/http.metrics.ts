import { type AnsweredRequest, type GetLimit } from '@tocsin/common/http/http-server.service';
import { counter, gauge, histogram } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';

/** What the notifier's HTTP server is asked and how much it answers; names, types and labels are Alertmanager's. */
export const httpMetrics = {
  responseSize: histogram(
    'alertmanager_http_response_size_bytes',
    'Size of answers, those of the API left out.',
    [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8],
    ['handler', 'method'],
  ),
  inFlight: gauge('alertmanager_http_requests_in_flight', 'GET requests being answered.', ['method']),
  refused: counter(
    'alertmanager_http_concurrency_limit_exceeded_total',
    'GET requests refused because as many as --web.get-concurrency allows were being answered.',
    ['method'],
  ),
} as const;

const GET = { method: 'get' };

/** Counts requests. */
export class HttpMetrics {
  private readonly metrics;

  constructor(registry: MetricsRegistry) {
    this.metrics = registerMetrics(registry, httpMetrics);
    this.metrics.inFlight.set(GET, 0);
    this.metrics.refused.inc(GET, 0);
  }

  /** A limit of GET requests that is counted here. */
  getLimit(max: number): GetLimit {
    return {
      max,
      inFlightChanged: (inFlight) => this.metrics.inFlight.set(GET, inFlight),
      refused: () => this.metrics.refused.inc(GET),
    };
  }

  /** `handler` is the path's pattern; requests of unknown paths are not counted. */
  answered({ handler, method, responseBytes }: AnsweredRequest): void {
    if (handler === '' || handler.startsWith('/api/v2/')) return;
    const labels = { handler: handler.replace(/:(\w+)/g, '{$1}'), method: method.toLowerCase() };
    this.metrics.responseSize.observe(labels, responseBytes);
  }
}
