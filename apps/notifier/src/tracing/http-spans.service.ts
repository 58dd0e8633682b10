import { type ClientSpans, type ServerSpans } from '@tocsin/common/http/http-spans';
import { formatTraceparent, parseTraceparent } from './traceparent';
import { type Tracer } from './tracer';

/** Spans of requests below this path of the server (`/prefix/api/`), parts of the traces that their senders began. */
export function serverSpans(tracer: Tracer, below: string): ServerSpans {
  return {
    begin({ method, route, headers }) {
      if (!tracer.isOn || !route.startsWith(below)) return null;
      const span = tracer.begin({
        name: `${method} ${route}`,
        kind: 'server',
        parent: parseTraceparent(headers['traceparent']),
        attributes: { 'http.request.method': method, 'http.route': route },
      });
      return {
        run: (work) => span.within(work),
        end(status) {
          if (status === null) span.fail('the client went away');
          else span.set({ 'http.response.status_code': status });
          if (status !== null && status >= 500) span.fail(`status ${status}`);
          span.end();
        },
      };
    },
  };
}

/**
 * Spans of the requests that are sent; who gets one can go on with the trace.
 *
 * They name the host only: the rest of a receiver's address is often a secret.
 */
export function clientSpans(tracer: Tracer): ClientSpans {
  return {
    around({ method, host }, send) {
      if (!tracer.isOn) return send({});
      const attributes = { 'http.request.method': method, 'server.address': host };
      return tracer.run({ name: `HTTP ${method}`, kind: 'client', attributes }, async (span) => {
        const { ref } = span;
        const result = await send(ref?.isSampled ? { traceparent: formatTraceparent(ref) } : {});
        if (result.kind === 'error') span.fail(result.message);
        else {
          span.set({ 'http.response.status_code': result.status });
          if (result.status >= 400) span.fail(`status ${result.status}`);
        }
        return result;
      });
    },
  };
}
