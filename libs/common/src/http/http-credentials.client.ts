import { readFile } from 'node:fs/promises';
import { type Secret } from '../config/secret';
import { type HttpConfig } from './http-config';
import { percentDecoded } from './percent-decoded';

export type Headers = Record<string, string | string[]>;

/** What an `http_config` adds to a request. */
export interface RequestCredentials {
  /** For any host. */
  readonly plain: Headers;
  /** For the host that was configured only, never for one a redirect leads to. */
  readonly secret: Headers;
  /** What no message may show. */
  readonly secrets: readonly string[];
}

/** A credential could not be had; the message holds no secret. */
export class CredentialError extends Error {}

/** Gathers credentials for one request: files are read each time, so that a rotated secret counts at once. */
export async function requestCredentials(
  config: HttpConfig,
  oauth2Token: (() => Promise<string>) | null,
): Promise<RequestCredentials> {
  const plain: Headers = {};
  const secret: Headers = {};
  const secrets: string[] = [];
  for (const [name, header] of Object.entries(config.headers)) {
    const hidden = header.secrets.map((value) => value.reveal());
    for (const file of header.files) hidden.push(await readSecretFile(file, `header ${name}`));
    secrets.push(...hidden);
    if (hidden.length > 0) secret[name] = [...header.values, ...hidden];
    else plain[name] = [...header.values];
  }
  const authorization = await authorizationOf(config, oauth2Token, secrets);
  if (authorization !== null) secret['authorization'] = authorization;
  return { plain, secret, secrets };
}

async function authorizationOf(
  { basicAuth, authorization, oauth2 }: HttpConfig,
  oauth2Token: (() => Promise<string>) | null,
  secrets: string[],
): Promise<string | null> {
  if (basicAuth) {
    const username = await secretOrFile(basicAuth.username, basicAuth.usernameFile, 'basic auth username');
    const password = await secretOrFile(basicAuth.password, basicAuth.passwordFile, 'basic auth password');
    const encoded = basicCredentials(username, password);
    secrets.push(password, encoded);
    return `Basic ${encoded}`;
  }
  if (authorization) {
    const credentials = await secretOrFile(
      authorization.credentials,
      authorization.credentialsFile,
      'authorization credentials',
    );
    secrets.push(credentials);
    return `${authorization.type} ${credentials}`;
  }
  if (oauth2 && oauth2Token) {
    const token = await oauth2Token();
    secrets.push(token);
    return `Bearer ${token}`;
  }
  return null;
}

/** The inline value, or what is in the file at this moment. */
export async function secretOrFile(value: string | Secret, file: string, what: string): Promise<string> {
  if (file !== '') return readSecretFile(file, what);
  return typeof value === 'string' ? value : value.reveal();
}

/** What a file holds, without white space around it; throws where that is nothing, as it may be while a file is changed. */
export async function readSecretFile(file: string, what: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CredentialError(`unable to read ${what}: ${(error as Error).message}`, { cause: error });
  });
  const secret = text.trim();
  if (secret === '') throw new CredentialError(`unable to read ${what}: ${file} is empty`);
  return secret;
}

/** What follows `Basic` in an Authorization header. */
export function basicCredentials(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** The same for the user that an address names; null when it names none. */
export function basicCredentialsIn({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  return basicCredentials(percentDecoded(username), percentDecoded(password));
}
