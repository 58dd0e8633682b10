import { reasonOf } from '@tocsin/common/log/log';
import { UsageError } from './command';

/** Posts to a server's API; throws, with what the server said, unless it accepts. */
export async function postJson(baseUrl: string, path: string, body: unknown, timeoutMs: number): Promise<void> {
  const { url, headers } = withoutCredentials(baseUrl);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new UsageError(`cannot reach ${url.origin}: ${reasonOf(error)}`);
  });
  const answer = await response.text();
  if (!response.ok) throw new UsageError(`${url.origin} answered ${response.status}: ${answer.trim()}`);
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
