/** Whether an `Accept` header lets the answer be JSON. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return !refused && ['*/*', 'application/*', 'application/json'].includes(type);
  });
}

/** Whether an `Accept-Encoding` header names gzip and does not refuse it. */
export function acceptsGzip(encodings: string | undefined): boolean {
  return (encodings ?? '').split(',').some((encoding) => {
    const [name = '', ...parameters] = encoding.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

interface RequestHeaders {
  readonly origin?: string | undefined;
  readonly 'access-control-request-method'?: string | undefined;
  readonly 'access-control-request-headers'?: string | undefined;
}

const allowedHeaders: ReadonlySet<string> = new Set(['accept', 'content-type', 'x-requested-with']);

const allowedMethods: ReadonlySet<string> = new Set(['GET', 'POST', 'HEAD', 'DELETE', 'PUT', 'OPTIONS']);

/**
 * Headers that let pages of any origin use the API. Source: Alertmanager's CORS policy, with one intended difference:
 * `DELETE` and `PUT` are allowed, so that a page can expire a silence.
 */
export function corsHeaders(
  method: string,
  headers: RequestHeaders,
): { isPreflight: boolean; headers: Record<string, string> } {
  const wanted = headers['access-control-request-method'];
  const isPreflight = method === 'OPTIONS' && wanted !== undefined && wanted !== '';
  const answer: Record<string, string> = {
    Vary: isPreflight ? 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' : 'Origin',
  };
  const isFromPage = headers.origin !== undefined && headers.origin !== '';
  if (!isFromPage || !allowedMethods.has(isPreflight ? wanted : method)) return { isPreflight, headers: answer };
  const askedHeaders = splitList(headers['access-control-request-headers']);
  if (isPreflight && !askedHeaders.every((name) => allowedHeaders.has(name))) return { isPreflight, headers: answer };
  answer['Access-Control-Allow-Origin'] = '*';
  if (isPreflight) {
    answer['Access-Control-Allow-Methods'] = wanted;
    if (askedHeaders.length > 0) answer['Access-Control-Allow-Headers'] = askedHeaders.join(', ');
  }
  return { isPreflight, headers: answer };
}

function splitList(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}
