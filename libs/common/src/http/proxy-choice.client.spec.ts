import { describe, expect, it } from 'vitest';
import { Secret } from '../config/secret';
import { NO_PROXY_CONFIG } from './http-config';
import { proxyFor } from './proxy-choice.client';

const proxy = 'http://proxy.test:3128/';

function chosen(url: string, config: { url?: string; noProxy?: string; fromEnvironment?: boolean }, environment = {}) {
  const full = { ...NO_PROXY_CONFIG, ...config, url: new Secret(config.url ?? '') };
  return proxyFor(full, new URL(url), environment)?.href ?? null;
}

describe('proxy_url', () => {
  it.each(['http://example.test/', 'https://example.test/', 'http://localhost/', 'http://127.0.0.1:9093/'])(
    'takes %s when nothing is excepted',
    (url) => expect(chosen(url, { url: proxy })).toBe(proxy),
  );

  it('absent, there is none, whatever the environment says', () => {
    expect(chosen('http://example.test/', {}, { HTTP_PROXY: proxy })).toBeNull();
  });
});

describe('no_proxy', () => {
  it.each([
    ['*', 'http://example.test/', true],
    ['example.test', 'http://example.test/', true],
    ['example.test', 'http://sub.example.test/', true],
    ['example.test', 'http://notexample.test/', false],
    ['EXAMPLE.test', 'http://Example.Test/', true],
    ['.example.test', 'http://example.test/', false],
    ['.example.test', 'http://sub.example.test/', true],
    ['*.example.test', 'http://sub.example.test/', true],
    ['*.example.test', 'http://example.test/', false],
    ['a.test, example.test ,', 'http://example.test/', true],
    ['example.test:8080', 'http://example.test:8080/', true],
    ['example.test:8080', 'http://example.test/', false],
    ['example.test:443', 'https://example.test/', true],
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['10.0.0.0/8', 'http://ten.test/', false],
    ['10.1.2.3', 'http://10.1.2.3/', true],
    ['10.1.2.3:80', 'http://10.1.2.3/', true],
    ['2.3', 'http://10.1.2.3/', false],
    ['fd00::/8', 'http://[fd00::1]/', true],
    ['fd00::1', 'http://[fd00::1]/', true],
    ['[fd00::1]:81', 'http://[fd00::1]:81/', true],
    ['nonsense/99', 'http://10.1.2.3/', false],
    ['other', 'http://localhost/', true],
    ['other', 'http://127.0.0.1/', true],
    ['other', 'http://[::1]/', true],
  ])('%s with %s: direct %s', (noProxy, url, direct) => {
    expect(chosen(url, { url: proxy, noProxy })).toBe(direct ? null : proxy);
  });
});

describe('proxy_from_environment', () => {
  const both = { HTTP_PROXY: 'http://plain.test/', https_proxy: 'secure.test:8443', NO_PROXY: 'direct.test' };

  it.each([
    ['http://example.test/', 'http://plain.test/'],
    ['https://example.test/', 'http://secure.test:8443/'],
    ['http://direct.test/', null],
    ['http://localhost/', null],
  ])('%s goes through %s', (url, expected) => {
    expect(chosen(url, { fromEnvironment: true }, both)).toBe(expected);
  });

  it('finds none in an empty environment', () => {
    expect(chosen('http://example.test/', { fromEnvironment: true })).toBeNull();
  });
});
