import { type ConfigView, headersView, tlsConfigView } from '@tocsin/common/http/http-config-view';
import { formatDuration } from '@tocsin/common/time/duration';
import { type TracingConfig } from './tracing-config';

/** The `tracing` section as it is shown. */
export function tracingView(tracing: TracingConfig): ConfigView {
  const { clientType, endpoint, samplingFraction, insecure, tls, headers, gzip, timeoutMs } = tracing;
  return {
    client_type: clientType,
    endpoint,
    ...(samplingFraction !== 0 && { sampling_fraction: samplingFraction }),
    ...(insecure && { insecure }),
    ...(tls && { tls_config: { ...tlsConfigView(tls), insecure_skip_verify: tls.insecureSkipVerify } }),
    ...(Object.keys(headers).length > 0 && { headers: headersView(headers) }),
    ...(gzip && { compression: 'gzip' }),
    ...(timeoutMs > 0 && { timeout: formatDuration(timeoutMs) }),
  };
}
