import { callApi } from './call-api';

/** Posts to a server's API; throws, with what the server said, unless it accepts. */
export async function postJson(baseUrl: string, path: string, body: unknown, timeoutMs: number): Promise<void> {
  await callApi(baseUrl, { method: 'POST', path, body }, timeoutMs);
}
