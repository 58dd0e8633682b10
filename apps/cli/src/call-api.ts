import { reasonOf } from '@tocsin/common/log/log';
import { UsageError } from './command';

/** One request to a server's API. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the path of the server's URL; with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Asks a server's API and returns what it answers; throws, with what the server said, unless it accepts. */
export async function callApi(baseUrl: string, call: ApiCall, timeoutMs: number): Promise<string> {
  const { url, headers } = withoutCredentials(baseUrl);
  const [path = '', query = ''] = call.path.split('?', 2);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  url.search = query;
  const hasBody = call.body !== undefined;
  const response = await fetch(url, {
    method: call.method,
    headers: { ...headers, ...(hasBody && { 'Content-Type': 'application/json' }) },
    ...(hasBody && { body: JSON.stringify(call.body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new UsageError(`cannot reach ${url.origin}: ${reasonOf(error)}`);
  });
  const answer = await response.text();
  if (!response.ok)
    throw new UsageError(`${url.origin} answered ${response.status}: ${reason(answer) || response.statusText}`);
  return answer;
}

/** What went wrong, in the server's words; Alertmanager wraps them in JSON, as a text or in an object. */
function reason(answer: string): string {
  try {
    const said: unknown = JSON.parse(answer);
    if (typeof said === 'string') return said;
    if (typeof said === 'object' && said !== null && 'message' in said) return String(said.message);
  } catch {
    // Then it is the text itself.
  }
  return answer.trim();
}

/** `fetch` takes no user and password in a URL. */
function withoutCredentials(text: string): { url: URL; headers: Record<string, string> } {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError(`expected a URL such as http://localhost:9093, got '${text}'`);
  }
  const url = new URL(text);
  const { username, password } = url;
  if (username === '' && password === '') return { url, headers: {} };
  url.username = '';
  url.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}
