import { counter, gauge } from './metric-definition';

/** What Go's handler of `/metrics` says about itself. */
export const scrapeMetrics = {
  requests: counter('promhttp_metric_handler_requests_total', 'Scrapes by the status they were answered with.', [
    'code',
  ]),
  inFlight: gauge('promhttp_metric_handler_requests_in_flight', 'Scrapes being answered, this one included.'),
} as const;
