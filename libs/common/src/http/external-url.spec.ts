import { describe, expect, it } from 'vitest';
import { parseExternalUrl } from './external-url';

const own = { hostname: 'box', port: 9093, externalUrl: undefined, routePrefix: undefined };

describe('parseExternalUrl', () => {
  it.each([
    ['nothing given', {}, 'http://box:9093', ''],
    ['an empty flag', { externalUrl: '' }, 'http://box:9093', ''],
    ['a host', { externalUrl: 'https://am.example/' }, 'https://am.example', ''],
    ['a path is the prefix', { externalUrl: 'http://am.example:80/a/b//' }, 'http://am.example/a/b', '/a/b'],
    [
      'the prefix counts for itself',
      { externalUrl: 'http://am.example/a', routePrefix: '/' },
      'http://am.example/a',
      '',
    ],
    ['in any form', { externalUrl: 'http://am.example/a', routePrefix: 'x/y/' }, 'http://am.example/a', '/x/y'],
    ['credentials stay', { externalUrl: 'http://u:p@am.example/' }, 'http://u:p@am.example', ''],
  ])('%s', (_, given, externalUrl, routePrefix) => {
    expect(parseExternalUrl({ ...own, ...given })).toEqual({ ok: true, externalUrl, routePrefix });
  });

  it.each([
    ['ftp://am.example/', `"ftp://am.example/": invalid "ftp" scheme, only 'http' and 'https' are supported`],
    ['am.example', '"am.example" is not a URL'],
    ['"http://am.example"', 'URL must not begin or end with quotes'],
  ])('refuses %s', (externalUrl, reason) => {
    const error = `failed to determine external URL: ${reason}`;
    expect(parseExternalUrl({ ...own, externalUrl })).toEqual({ ok: false, error });
  });
});
