import { type ServerResponse } from 'node:http';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { HttpPeer, type ReceivedRequest } from '@tocsin/common/http/testing/http-peer';
import { SmtpPeer } from '@tocsin/notifier/receivers/email/testing/smtp-peer';
import { connect } from 'node:net';
import { type Duplex } from 'node:stream';

/** How a receiver answers: always with all that it was sent. */
export type EchoMode = 'rejects' | 'fails' | 'says no in a 200' | 'redirects';

/** Receivers of every kind that repeat what they are told, secrets included, wherever they can. */
export class EchoServers {
  private constructor(
    readonly http: HttpPeer,
    /** The same over TLS, reached through `proxy`. */
    readonly secure: HttpPeer,
    /** Takes everybody to `secure`, wherever they want to go. */
    readonly proxy: HttpPeer,
    /** Takes nobody anywhere. */
    readonly refusingProxy: HttpPeer,
    readonly smtp: SmtpPeer,
  ) {}

  static async start(mode: EchoMode): Promise<EchoServers> {
    const authority = new TestAuthority();
    const { cert, key } = authority.issue('echo', 'IP:127.0.0.1');
    authority.remove();
    const answer = (request: ReceivedRequest, response: ServerResponse): void => answerWith(mode, request, response);
    const secure = await HttpPeer.start(answer, { cert, key });
    const proxy = await HttpPeer.start(answer);
    proxy.onConnect((_, socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel(socket, connect(secure.port, '127.0.0.1'));
    });
    const refusingProxy = await HttpPeer.start(answer);
    refusingProxy.onConnect(({ url, rawHeaders }, socket) => {
      const echo = `${url} ${rawHeaders.join(' ')}`;
      socket.end(`HTTP/1.1 407 No ${echo}\r\nX-Echo: ${echo}\r\nContent-Length: ${echo.length}\r\n\r\n${echo}`);
    });
    return new EchoServers(await HttpPeer.start(answer), secure, proxy, refusingProxy, await smtpPeer());
  }

  async stop(): Promise<void> {
    for (const peer of [this.http, this.secure, this.proxy, this.refusingProxy, this.smtp]) await peer.stop();
  }
}

function tunnel(one: Duplex, other: Duplex): void {
  one.on('error', () => other.destroy()).pipe(other);
  other.on('error', () => one.destroy()).pipe(one);
}

const STATUS: Readonly<Record<EchoMode, number>> = {
  rejects: 400,
  fails: 500,
  'says no in a 200': 200,
  redirects: 307,
};

function answerWith(mode: EchoMode, request: ReceivedRequest, response: ServerResponse): void {
  const { method, target, headers, body } = request;
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const decoded = Buffer.from(basic, 'base64').toString();
  const echo = `echo of ${method} ${target} ${JSON.stringify(headers)} ${decoded} ${body}`;
  const isToken = /token/.test(target.split('?')[0] ?? '') && mode === 'says no in a 200';
  const reply = isToken ? TOKENS : refusal(echo);
  response.writeHead(STATUS[mode], `No ${target.slice(0, 200)}`, {
    'content-type': 'application/json',
    'x-echo': encodeURI(target),
    ...(mode === 'redirects' && { location: `/again${target.length < 1_000 ? target : ''}` }),
    'retry-after': '1',
  });
  response.end(JSON.stringify(reply));
}

/** What is given out is a secret, too. */
const TOKENS = { access_token: 'CANARY-given-token', token_type: 'Bearer', expires_in: 7200, errcode: 0, errmsg: 'ok' };

/** What any of them would understand as a no. */
function refusal(echo: string): object {
  return {
    ...{ ok: false, success: false, status: 'error', errcode: 40_001, error_code: 400 },
    ...Object.fromEntries(
      ['error', 'errmsg', 'description', 'message', 'reason', 'detail', 'title', 'result', 'id'].map((name) => [
        name,
        echo,
      ]),
    ),
    errors: [echo],
    errorMessages: [echo],
    response_metadata: { messages: [echo] },
  };
}

/** Refuses every password, and says which. */
function smtpPeer(): Promise<SmtpPeer> {
  return SmtpPeer.start({
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    onAuth: ({ username = '', password = '' }, _, done) => {
      // A CRAM-MD5 client says no password.
      const encoded = Buffer.from(`\0${username}\0${password}`).toString('base64');
      done(Object.assign(new Error(`not ${username} ${password} ${encoded}`), { responseCode: 535 }));
    },
  });
}
