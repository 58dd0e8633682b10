import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { nullLog } from '../log/log';
import { TestAuthority } from './testing/certificates';
import { WebConfigFile } from './web-config.loader';

const authority = new TestAuthority();
authority.issue('server', 'DNS:localhost');
authority.issue('other', 'DNS:localhost');
const file = authority.file('web.yml');
afterAll(() => authority.remove());

let writes = 0;
function write(yaml: string): void {
  writeFileSync(file, `${yaml}\n#${'x'.repeat(++writes)}\n`);
}

function open(yaml: string, log = nullLog): WebConfigFile {
  write(yaml);
  return new WebConfigFile(file, log);
}

describe('at start', () => {
  it.each([
    ['hello: world', `${file}:1:1: field hello not found in type web.Config`],
    ['a: b: c', new RegExp(`^${file}:1:\\d+: .*nested mappings`, 'i')],
    [
      'tls_server_config:\n  cert_file: no.pem\n  key_file: no.key',
      new RegExp(
        `^${file}:2:14: failed to read cert_file \\(${authority.file('no.pem')}\\): there is no such file\\n` +
          `${file}:3:13: failed to read key_file \\(${authority.file('no.key')}\\): there is no such file`,
      ),
    ],
    [
      'tls_server_config: {cert_file: server.pem, key_file: other.key}',
      new RegExp(`^${file}:1:32: failed to load X509KeyPair: .*key values mismatch`),
    ],
    ['tls_server_config: {cert: none, key: none}', new RegExp(`^${file}:1:\\d+: failed to load X509KeyPair: `)],
    [
      'tls_server_config: {cert_file: server.pem, key_file: server.key, client_auth_type: RequestClientCert, client_ca_file: server.key}',
      /client CA: no certificate found/,
    ],
  ])('refuses %j', (yaml, message) => expect(() => open(yaml)).toThrow(message));

  it('refuses a file that is not there', () => {
    expect(() => new WebConfigFile(authority.file('nope.yml'), nullLog)).toThrow(/nope\.yml: there is no such file/);
  });
});

describe('afterwards', () => {
  it('is the same until the file changes', () => {
    const opened = open('{}');
    const first = opened.current();
    expect(opened.current()).toBe(first);
    write('http_server_config: {http2: false}');
    expect(opened.current()).toMatchObject({ config: { value: { http2: false } } });
  });

  it('tells a mistake once, keeps what the other part says, and forgets it when it is mended', () => {
    const good = 'tls_server_config: {cert_file: server.pem, key_file: server.key}';
    const error = vi.fn();
    const opened = open(good, { ...nullLog, error });
    write(good.replace('server.key', 'other.key'));
    expect(opened.current()).toMatchObject({ config: { ok: true }, tls: { ok: false } });
    opened.current();
    expect(error.mock.calls).toEqual([
      ['Unable to parse configuration', { err: expect.stringContaining('X509KeyPair') }],
    ]);
    write('nonsense');
    expect(opened.current()).toMatchObject({ config: { ok: false }, tls: { ok: false } });
    write(good);
    expect(opened.current()).toMatchObject({ config: { ok: true }, tls: { ok: true } });
    expect(error).toHaveBeenCalledTimes(2);
  });
});
