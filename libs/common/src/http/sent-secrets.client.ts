import { proxyAuthorization } from './connection-pools.client';
import { type ProxyConfig } from './http-config';
import { basicCredentialsIn } from './http-credentials.client';
import { type Environment, proxyFor } from './proxy-choice.client';
import { secretsOfUrl } from './redact';

/** What in an address may be secret, in the forms in which it is sent. */
export function secretsSentTo(url: URL): string[] {
  const basic = basicCredentialsIn(url);
  return [...secretsOfUrl(url), ...(basic === null ? [] : [basic])];
}

/** What the proxy on the way to an address is told; a target that is reached without a tunnel may be told it, too. */
export function secretsSentToProxy(config: ProxyConfig, url: URL, environment: Environment): string[] {
  const proxy = proxyOrNone(config, url, environment);
  if (proxy === null) return [];
  const authorization = proxyAuthorization(proxy);
  const headers = Object.values(config.connectHeader).flat();
  return [
    ...secretsSentTo(proxy),
    ...(authorization === null ? [] : [authorization]),
    ...headers.map((value) => value.reveal()),
  ];
}

/** The environment may name a proxy that is none; then nothing was sent. */
function proxyOrNone(...asked: Parameters<typeof proxyFor>): URL | null {
  try {
    return proxyFor(...asked);
  } catch {
    return null;
  }
}
