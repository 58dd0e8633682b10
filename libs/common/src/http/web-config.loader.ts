import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createSecureContext, DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';
import { fileReason } from '../errors/file-reason';
import { decodeDocument } from '../config/decode';
import { parseYaml } from '../config/parse-yaml';
import { findingText, type YamlDocument, type YamlFinding } from '../config/yaml-document';
import { AppError } from '../errors/app-error';
import { type Log } from '../log/log';
import { WEB_CONFIG_INVALID } from './http.errors';
import { secureVersions } from './tls-options.client';
import { type ClientAuth, type PemSource, type ServerTlsConfig, type WebConfig } from './web-config';
import { webConfig } from './web-config.schema';

/** What connections are secured with, certificates read. */
export interface ServerTls {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuth;
  readonly clientAllowedSans: readonly string[] | null;
  readonly http2: boolean;
}

type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** A `--web.config.file` as of now. The file and its certificates fail apart: what is told over a connection that
 *  stands does not depend on certificates. */
export interface LoadedWebConfig {
  readonly config: Result<WebConfig>;
  /** Null: plain HTTP. */
  readonly tls: Result<ServerTls | null>;
}

/** A `--web.config.file`, read again when it or one of its certificates changes. */
export class WebConfigFile {
  private loaded: LoadedWebConfig;
  private files: readonly string[] = [];
  private state = '';

  /** Throws, with every mistake and its place, when it cannot be used. */
  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {
    this.loaded = this.read();
    const { config, tls } = this.loaded;
    if (!config.ok) throw new AppError(WEB_CONFIG_INVALID, config.error);
    if (!tls.ok) throw new AppError(WEB_CONFIG_INVALID, tls.error);
  }

  /** The same object as last time unless something changed. */
  current(): LoadedWebConfig {
    if (stateOf([this.path, ...this.files]) === this.state) return this.loaded;
    this.loaded = this.read();
    const { config, tls } = this.loaded;
    for (const part of [config, tls].filter((one) => !one.ok).slice(0, 1)) {
      this.log.error('Unable to parse configuration', { err: part.error });
    }
    return this.loaded;
  }

  private read(): LoadedWebConfig {
    // Looked at before they are read: a change in between is seen as one the next time.
    const before = stateOf([this.path, ...this.files]);
    const named = this.files.join();
    const loaded = this.readFiles();
    this.state = this.files.join() === named ? before : stateOf([this.path, ...this.files]);
    return loaded;
  }

  private readFiles(): LoadedWebConfig {
    const failed = (...findings: readonly YamlFinding[]): Result<never> => ({
      ok: false,
      error: findings.map((finding) => findingText(this.path, finding)).join('\n'),
    });
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      const refused: Result<never> = { ok: false, error: `${this.path}: ${fileReason(error)}` };
      return { config: refused, tls: refused };
    }
    const parsed = parseYaml(text);
    const decoded = parsed.ok ? decodeDocument(parsed.document, webConfig) : parsed;
    if (!parsed.ok || !decoded.ok) {
      const refused = failed(...(decoded.ok ? [] : decoded.findings));
      return { config: refused, tls: refused };
    }
    const config = decoded.value;
    if (config.tls === null) {
      this.files = [];
      return { config: { ok: true, value: config }, tls: { ok: true, value: null } };
    }
    const reader = new CertificateReader(dirname(this.path), parsed.document);
    const context = reader.read(config.tls);
    this.files = reader.files;
    const { clientAuth, clientAllowedSans } = config.tls;
    return {
      config: { ok: true, value: config },
      tls:
        context === null
          ? failed(...reader.findings)
          : { ok: true, value: { context, clientAuth, clientAllowedSans, http2: config.http2 } },
    };
  }
}

/** Reads what a `tls_server_config` names. */
class CertificateReader {
  readonly files: string[] = [];
  readonly findings: YamlFinding[] = [];

  constructor(
    private readonly folder: string,
    private readonly document: YamlDocument,
  ) {}

  /** Null when something is wrong; the findings say what. */
  read(tls: ServerTlsConfig): SecureContextOptions | null {
    const cert = this.pem(tls.cert, 'cert_file');
    const key = this.pem(tls.key, 'key_file');
    const ca = tls.clientCa === null ? '' : this.pem(tls.clientCa, 'client_ca_file');
    if (cert === null || key === null || ca === null) return null;
    const options: SecureContextOptions = {
      cert,
      key,
      minVersion: secureVersions[tls.minVersion],
      maxVersion: secureVersions[tls.maxVersion],
      honorCipherOrder: tls.preferServerCiphers,
      ciphers: ciphersOf(tls),
      ...(ca !== '' && { ca }),
      ...(tls.curves !== null && { ecdhCurve: tls.curves }),
    };
    // A text that is no certificate would just be left out, and no client would be let in.
    if (ca !== '' && !isUsable(() => new X509Certificate(ca))) {
      return this.refuse('client_ca_file', 'client CA: no certificate found');
    }
    try {
      createSecureContext(options);
      return options;
    } catch (error) {
      return this.refuse('cert_file', `failed to load X509KeyPair: ${messageOf(error)}`);
    }
  }

  private pem(source: PemSource, key: string): string | null {
    if ('text' in source) return source.text;
    const file = resolve(this.folder, source.file);
    this.files.push(file);
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      return this.refuse(key, `failed to read ${key} (${file}): ${fileReason(error)}`);
    }
  }

  private refuse(key: string, message: string): null {
    this.findings.push(this.document.finding(['tls_server_config', key], message));
    return null;
  }
}

/** OpenSSL refuses what TLS before 1.2 signs with, unless it is told that this is meant. */
function ciphersOf({ ciphers, minVersion }: ServerTlsConfig): string {
  const names = ciphers ?? DEFAULT_CIPHERS;
  return minVersion < 'TLS12' ? `${names}:@SECLEVEL=0` : names;
}

function isUsable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function stateOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const stats = statSync(file, { throwIfNoEntry: false });
      return `${stats?.mtimeMs} ${stats?.size} ${stats?.ino}`;
    })
    .join();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
