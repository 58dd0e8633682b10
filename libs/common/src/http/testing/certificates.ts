import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate authority for one test run, and certificates it signed. */
export class TestAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'));
  readonly caFile: string;

  constructor() {
    this.caFile = this.file('ca.pem');
    this.openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=test authority', '-keyout', this.file('ca.key'), '-out', this.caFile],
    );
  }

  /** Signs a certificate for these names, `DNS:example.test,IP:127.0.0.1`. */
  issue(name: string, altNames: string): { certFile: string; keyFile: string; cert: string; key: string } {
    const [certFile, keyFile, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) =>
      this.file(`${name}.${end}`),
    );
    if (!certFile || !keyFile || !request || !extensions) throw new Error('no file names');
    writeFileSync(extensions, `subjectAltName=${altNames}\n`);
    this.openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`],
      ...['-keyout', keyFile, '-out', request],
    );
    this.openssl(
      ...['x509', '-req', '-days', '2', '-in', request, '-CA', this.caFile, '-CAkey', this.file('ca.key')],
      ...['-CAcreateserial', '-extfile', extensions, '-out', certFile],
    );
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  }

  get ca(): string {
    return readFileSync(this.caFile, 'utf8');
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}
