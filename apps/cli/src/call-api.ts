import { STATUS_CODES } from 'node:http';
import { basicCredentialsIn } from '@tocsin/common/http/http-credentials.client';
import { reasonOf } from '@tocsin/common/log/log';
import { machineClock } from '@tocsin/common/time/clock';
import { UsageError } from './command';
import { type FlagValues } from './parse-flags';
import { VERSION } from './version';

/** One request to a server's API. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the path of the server's URL; with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** How a request is made. */
export interface CallOptions {
  readonly timeoutMs: number;
  /** An `http_config` for the connection; '' for none. */
  readonly httpConfigFile: string;
}

/** A request as it goes out. */
interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Larger than any list of alerts, bytes. */
const MAX_ANSWER_BYTES = 1024 * 1024 * 1024;

/** Asks the server at `--notifier.url`, as the flags of the command say. */
export function callNotifier(flags: FlagValues, call: ApiCall): Promise<string> {
  const options = { timeoutMs: flags.durationMs('timeout'), httpConfigFile: flags.text('http.config.file') };
  return callApi(flags.text('notifier.url'), call, options);
}

/** Asks a server's API and returns what it answers; throws, with what the server said, unless it accepts. */
export async function callApi(baseUrl: string, call: ApiCall, options: CallOptions): Promise<string> {
  const { url, headers } = withoutCredentials(baseUrl);
  if (options.httpConfigFile !== '' && headers['Authorization'] !== undefined) {
    throw new UsageError('a user in the URL and --http.config.file exclude each other');
  }
  const [path = '', query = ''] = call.path.split('?', 2);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  url.search = query;
  const hasBody = call.body !== undefined;
  const { status, text } = await send(
    {
      method: call.method,
      url,
      headers: { ...headers, ...(hasBody && { 'Content-Type': 'application/json' }) },
      body: hasBody ? JSON.stringify(call.body) : null,
    },
    options,
  );
  if (status >= 200 && status < 300) return text;
  throw new UsageError(`${url.origin} answered ${status}: ${reason(text) || STATUS_CODES[status]}`);
}

function send(request: Request, { timeoutMs, httpConfigFile }: CallOptions): Promise<Answer> {
  return httpConfigFile === '' ? fetchOnce(request, timeoutMs) : sendAs(httpConfigFile, request, timeoutMs);
}

async function fetchOnce({ url, method, headers, body }: Request, timeoutMs: number): Promise<Answer> {
  const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(timeoutMs) }).catch(
    (error: unknown) => {
      throw new UsageError(`cannot reach ${url.origin}: ${reasonOf(error)}`);
    },
  );
  return { status: response.status, text: await response.text() };
}

async function sendAs(file: string, { url, method, headers, body }: Request, timeoutMs: number): Promise<Answer> {
  // Loaded only where it is used: the command line starts sooner without.
  const { loadHttpConfig } = await import('./http-config.loader');
  const { HttpClient } = await import('@tocsin/common/http/http-client.client');
  const config = loadHttpConfig(file);
  let client;
  try {
    const userAgent = `Tocsin/${VERSION}`;
    client = new HttpClient(config, { userAgent, clock: machineClock, environment: process.env });
  } catch (error) {
    throw new UsageError(`--http.config.file ${file}: ${reasonOf(error)}`);
  }
  const limits = { timeoutMs, maxBodyBytes: MAX_ANSWER_BYTES };
  const result = await client.request(method, url.href, { headers, ...limits, ...(body !== null && { body }) });
  await client.close();
  if (result.kind === 'error') throw new UsageError(`cannot reach ${url.origin}: ${result.message}`);
  return { status: result.status, text: result.body };
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
  const basic = basicCredentialsIn(url);
  if (basic === null) return { url, headers: {} };
  url.username = '';
  url.password = '';
  return { url, headers: { Authorization: `Basic ${basic}` } };
}
