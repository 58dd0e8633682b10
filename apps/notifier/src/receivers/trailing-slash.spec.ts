import { expect, it } from 'vitest';
import { withTrailingSlash } from './trailing-slash';

it.each([
  ['', ''],
  ['http://a.test', 'http://a.test/'],
  ['http://a.test/', 'http://a.test/'],
  ['http://a.test/b', 'http://a.test/b/'],
  ['http://a.test/b/', 'http://a.test/b/'],
  ['http://a.test?c=d', 'http://a.test/?c=d'],
  ['http://a.test/b?c=d/e', 'http://a.test/b/?c=d/e'],
  ['http://a.test/b#c', 'http://a.test/b/#c'],
])('%s becomes %s', (url, longer) => {
  expect(withTrailingSlash(url)).toBe(longer);
});
