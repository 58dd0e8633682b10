import { expect, it } from 'vitest';
import { checkHttpUrl } from './url.schema';

// As `amtool check-config` of Alertmanager says it, without the address.
it.each([
  ['http://h/%zz', '%zz'],
  ['http://h/a%', '%'],
  ['http://h/%2', '%2'],
  ['http://h/x%2g/y', '%2g'],
  ['http://h/#%zz', '%zz'],
  ['http://us%zer:p@h/', '%ze'],
  ['http://u:p%zz@h/', '%zz'],
  ['http://h%41/', '%41'],
  ['http://h%zz/%yy', '%zz'],
])('refuses the escape in %s', (url, escape) => {
  expect(checkHttpUrl(url)).toEqual({ ok: false, error: `invalid URL escape "${escape}"` });
});

it.each(['http://h/?q=%zz', 'http://h/a b', 'http://h/%41%e2', 'http://h', 'http://u%41:p%2f@h/#%20'])(
  'takes %s',
  (url) => {
    expect(checkHttpUrl(url)).toEqual({ ok: true, url });
  },
);
