import { type Clock } from '../time/clock';
import { type OAuth2 } from './http-config';
import { basicCredentials, CredentialError, secretOrFile } from './http-credentials.client';
import { type HttpResult } from './http-result';
import { redact } from './redact';

/** Posts a form to the token endpoint. */
export type PostForm = (url: string, headers: Record<string, string>, body: string) => Promise<HttpResult>;

/** A token this close to its end is not used any more, ms. Source: Go `oauth2`. */
const EXPIRY_MARGIN_MS = 10_000;

interface Token {
  readonly text: string;
  readonly clientSecret: string;
  readonly expiresAtMs: number;
}

/** Gets access tokens by the client credentials grant and keeps each until shortly before its end. */
export class OAuth2Token {
  private token: Token | null = null;
  private fetching: Promise<Token> | null = null;
  /** Servers want the client's credentials in the header or in the form; the first success decides. */
  private credentialsInForm: boolean | null = null;

  constructor(
    private readonly config: OAuth2,
    private readonly post: PostForm,
    private readonly clock: Clock,
  ) {}

  /** A token that is good now; throws a CredentialError when none can be had. */
  async get(): Promise<string> {
    const clientSecret = await secretOrFile(
      this.config.clientSecret,
      this.config.clientSecretFile,
      'oauth2 client secret',
    );
    const { token } = this;
    if (token?.clientSecret === clientSecret && this.clock.nowMs() < token.expiresAtMs) return token.text;
    this.fetching ??= this.fetch(clientSecret).finally(() => {
      this.fetching = null;
    });
    this.token = await this.fetching;
    return this.token.text;
  }

  /** Drops a token that was refused, so that the next request asks for another. */
  forget(): void {
    this.token = null;
  }

  private async fetch(clientSecret: string): Promise<Token> {
    const ways = this.credentialsInForm === null ? [false, true] : [this.credentialsInForm];
    let refusal = '';
    for (const inForm of ways) {
      const answer = await this.ask(clientSecret, inForm);
      const token = tokenIn(answer, clientSecret, this.clock.nowMs());
      if (token !== null) {
        this.credentialsInForm = inForm;
        return token;
      }
      refusal = redact(refusalText(answer), [clientSecret, basicCredentials(this.config.clientId, clientSecret)]);
    }
    throw new CredentialError(`oauth2: cannot fetch token: ${refusal}`);
  }

  private ask(clientSecret: string, inForm: boolean): Promise<HttpResult> {
    const { clientId, scopes, endpointParams, tokenUrl } = this.config;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scopes.length > 0) form.set('scope', scopes.join(' '));
    for (const [name, value] of Object.entries(endpointParams)) form.set(name, value);
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    if (inForm) {
      form.set('client_id', clientId);
      if (clientSecret !== '') form.set('client_secret', clientSecret);
    } else {
      const [id, password] = [clientId, clientSecret].map(encodeURIComponent);
      headers['authorization'] = `Basic ${basicCredentials(id ?? '', password ?? '')}`;
    }
    return this.post(tokenUrl, headers, form.toString());
  }
}

function tokenIn(answer: HttpResult, clientSecret: string, nowMs: number): Token | null {
  if (answer.kind === 'error' || answer.status < 200 || answer.status > 299) return null;
  const fields = jsonFields(answer.body);
  const text = fields?.['access_token'];
  if (typeof text !== 'string' || text === '') return null;
  const lifetimeS = Number(fields?.['expires_in'] ?? 0);
  const expiresAtMs = lifetimeS > 0 ? nowMs + lifetimeS * 1000 - EXPIRY_MARGIN_MS : Number.POSITIVE_INFINITY;
  return { text, clientSecret, expiresAtMs };
}

function refusalText(answer: HttpResult): string {
  if (answer.kind === 'error') return answer.message;
  if (answer.status >= 200 && answer.status <= 299) return 'server response missing access_token';
  return `status ${answer.status}: ${answer.body}`;
}

function jsonFields(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
