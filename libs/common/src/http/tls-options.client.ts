import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext, type SecureVersion } from 'node:tls';
import { fileReason } from '../errors/file-reason';
import { type TlsConfig, type TlsVersion } from './http-config';

/** What a `tls_config` decides about connections. */
export type TlsConnect = Partial<
  Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized' | 'minVersion' | 'maxVersion'>
>;

/** Node's names of the versions. */
export const secureVersions: Readonly<Record<TlsVersion, SecureVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

/** A file of a `tls_config` cannot be read or used. */
class TlsConfigError extends Error {
  readonly code = 'ERR_TLS_CONFIG';
}

/** Options for TLS connections; certificates are read again when their files change. */
export class TlsOptions {
  private files = '';
  private loaded: TlsConnect;

  /** Throws when a file cannot be read or used. */
  constructor(private readonly config: TlsConfig) {
    this.files = this.fileState();
    this.loaded = load(config);
  }

  /** The options of now: another object than last time when a file changed. Throws as the constructor does. */
  current(): TlsConnect {
    const files = this.fileState();
    if (files !== this.files) {
      this.loaded = load(this.config);
      this.files = files;
    }
    return this.loaded;
  }

  private fileState(): string {
    return [this.config.caFile, this.config.certFile, this.config.keyFile]
      .filter((file) => file !== '')
      .map((file) => {
        const stats = statSync(file, { throwIfNoEntry: false });
        return `${stats?.mtimeMs} ${stats?.size} ${stats?.ino}`;
      })
      .join();
  }
}

function load(config: TlsConfig): TlsConnect {
  const ca = config.ca || readFile(config.caFile, 'CA cert');
  const cert = config.cert || readFile(config.certFile, 'client cert');
  const key = config.key.reveal() || readFile(config.keyFile, 'client key');
  const options: TlsConnect = {
    ...(ca !== '' && { ca }),
    ...(cert !== '' && { cert, key }),
    ...(config.serverName !== '' && { servername: config.serverName }),
    ...(config.insecureSkipVerify && { rejectUnauthorized: false }),
    ...(config.minVersion && { minVersion: secureVersions[config.minVersion] }),
    ...(config.maxVersion && { maxVersion: secureVersions[config.maxVersion] }),
  };
  try {
    // A text that is no certificate would just be left out.
    if (ca !== '') void new X509Certificate(ca);
    createSecureContext(options);
  } catch (error) {
    throw new TlsConfigError(`unable to use tls_config: ${(error as Error).message}`, { cause: error });
  }
  return options;
}

function readFile(file: string, what: string): string {
  if (file === '') return '';
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new TlsConfigError(`unable to read ${what} (${file}): ${fileReason(error)}`, { cause: error });
  }
}
