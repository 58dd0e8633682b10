import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret';
import { FakeClock } from '../testing/fake-clock';
import { HttpClient } from './http-client.client';
import { DEFAULT_HTTP_CONFIG, NO_PROXY_CONFIG, NO_TLS_CONFIG, type OAuth2 } from './http-config';
import { type Answer, HttpPeer } from './testing/http-peer';

let clock: FakeClock;
let receiver: HttpPeer;
let receiverStatus: number;
let ends: (() => Promise<void>)[];

beforeEach(async () => {
  clock = new FakeClock();
  receiverStatus = 200;
  receiver = await HttpPeer.start((_, response) => response.writeHead(receiverStatus).end());
  ends = [() => receiver.stop()];
});

afterEach(async () => {
  for (const end of ends) await end();
});

/** Gives out tokens `t1`, `t2`, …. */
function tokens(fields: Record<string, unknown> = { expires_in: 60 }): Answer {
  let count = 0;
  return (_, response) =>
    response.end(JSON.stringify({ access_token: `t${++count}`, token_type: 'bearer', ...fields }));
}

async function setUp(answer: Answer, config: Partial<OAuth2> = {}) {
  const issuer = await HttpPeer.start(answer);
  const oauth2: OAuth2 = {
    clientId: 'id',
    clientSecret: new Secret('s3cret/'),
    clientSecretFile: '',
    scopes: [],
    tokenUrl: `${issuer.origin()}/token`,
    endpointParams: {},
    tls: NO_TLS_CONFIG,
    proxy: NO_PROXY_CONFIG,
    ...config,
  };
  const options = { userAgent: 'Tocsin/test', clock, environment: {} };
  const client = new HttpClient({ ...DEFAULT_HTTP_CONFIG, oauth2 }, options);
  ends.push(
    () => issuer.stop(),
    () => client.close(),
  );
  return { issuer, post: () => client.post(receiver.origin(), { body: '' }) };
}

const sentTokens = (): unknown[] => receiver.requests.map(({ headers }) => headers.authorization);

describe('OAuth 2.0 client credentials', () => {
  it('asks for a token and shows it to the receiver', async () => {
    const { issuer, post } = await setUp(tokens(), { scopes: ['a', 'b'], endpointParams: { audience: 'x' } });
    expect(await post()).toMatchObject({ status: 200 });
    expect(sentTokens()).toEqual(['Bearer t1']);
    expect(issuer.only).toMatchObject({ method: 'POST', target: '/token' });
    expect(issuer.only.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${btoa('id:s3cret%2F')}`,
    });
    expect(Object.fromEntries(new URLSearchParams(issuer.only.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'x',
    });
  });

  it('keeps a token until shortly before its end', async () => {
    const { post } = await setUp(tokens({ expires_in: 60 }));
    await post();
    clock.set(clock.nowMs() + 49_999);
    await post();
    clock.set(clock.nowMs() + 1);
    await post();
    expect(sentTokens()).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  it('keeps a token without an end', async () => {
    const { post } = await setUp(tokens({}));
    await post();
    clock.set(clock.nowMs() + 1e10);
    await post();
    expect(sentTokens()).toEqual(['Bearer t1', 'Bearer t1']);
  });

  it('asks once for requests that come together', async () => {
    const { issuer, post } = await setUp(tokens());
    await Promise.all([post(), post(), post()]);
    expect(issuer.requests).toHaveLength(1);
    expect(receiver.requests).toHaveLength(3);
  });

  it('asks for another token after one was refused', async () => {
    const { post } = await setUp(tokens());
    receiverStatus = 401;
    await post();
    await post();
    expect(sentTokens()).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('sends the credentials in the form to servers that want them there, and remembers', async () => {
    const give = tokens({ expires_in: 1 });
    const { issuer, post } = await setUp((request, response, incoming) => {
      if (request.headers.authorization !== undefined) response.writeHead(401).end();
      else give(request, response, incoming);
    });
    await post();
    await post();
    expect(sentTokens()).toEqual(['Bearer t1', 'Bearer t2']);
    expect(issuer.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false, false]);
    expect(Object.fromEntries(new URLSearchParams(issuer.requests[1]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'id',
      client_secret: 's3cret/',
    });
  });

  it.each<[string, Answer, RegExp]>([
    [
      'a refusal',
      (request, response) => response.writeHead(400).end(`bad s3cret/ in ${request.body}`),
      /oauth2: cannot fetch token: status 400: bad <redacted> in /,
    ],
    ['an answer without a token', (_, response) => response.end('{}'), /missing access_token$/],
    ['an answer that is no JSON', (_, response) => response.end('<html>'), /missing access_token$/],
    ['a broken connection', (_, response) => response.destroy(), /cannot fetch token: POST "<redacted>": /],
  ])('reports %s without showing secrets', async (_, answer, message) => {
    const { post } = await setUp(answer);
    const result = await post();
    expect(result).toMatchObject({ kind: 'error', code: 'credentials', message: expect.stringMatching(message) });
    expect(JSON.stringify(result)).not.toContain('s3cret');
    expect(receiver.requests).toEqual([]);
  });
});
