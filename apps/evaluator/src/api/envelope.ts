/** What Prometheus' HTTP API answers with. */
export type Envelope =
  { status: 'success'; data: unknown } | { status: 'error'; errorType: 'bad_data' | 'internal'; error: string };

export function success(data: unknown): Envelope {
  return { status: 'success', data };
}

export function badData(error: string): Envelope {
  return { status: 'error', errorType: 'bad_data', error };
}

/** Source: Prometheus' HTTP API. */
export function statusOf(envelope: Envelope): number {
  if (envelope.status === 'success') return 200;
  return envelope.errorType === 'bad_data' ? 400 : 500;
}
