import { describe, expect, it } from 'vitest';
import { parseAddresses } from './email-addresses';

describe('parseAddresses', () => {
  it.each([
    ['one', 'a@example.org', [['', 'a@example.org']]],
    ['several', 'a@x.org, b@x.org,c@x.org', ['a', 'b', 'c'].map((name) => ['', `${name}@x.org`])],
    ['with spaces around', ' a@x.org\n', [['', 'a@x.org']]],
    ['with a name', 'On Call <a@x.org>', [['On Call', 'a@x.org']]],
    ['with a name that has dots', 'J. R. Smith <a@x.org>', [['J. R. Smith', 'a@x.org']]],
    ['with a quoted name', '"Smith, \\"Joe\\"" <a@x.org>', [['Smith, "Joe"', 'a@x.org']]],
    ['with a name that is not ASCII', 'Jürgen <a@x.org>', [['Jürgen', 'a@x.org']]],
    ['only angle brackets', '<a@x.org>', [['', 'a@x.org']]],
    [
      'with comments',
      'a@x.org (Joe (the one)), (x) b@x.org',
      [
        ['', 'a@x.org'],
        ['', 'b@x.org'],
      ],
    ],
    [
      'a group',
      'Ops: a@x.org, B <b@x.org>;, c@x.org',
      [
        ['', 'a@x.org'],
        ['B', 'b@x.org'],
        ['', 'c@x.org'],
      ],
    ],
    [
      'empty places',
      ',a@x.org,,b@x.org,',
      [
        ['', 'a@x.org'],
        ['', 'b@x.org'],
      ],
    ],
    ['a quoted local part', '"a b"@x.org', [['', '"a b"@x.org']]],
    ['quotes that are not needed', '"a.b"@x.org', [['', 'a.b@x.org']]],
    ['an address of a machine', 'root@[127.0.0.1]', [['', 'root@[127.0.0.1]']]],
    ['a name of a machine', 'root@localhost', [['', 'root@localhost']]],
  ])('reads a list: %s', (_, text, expected) => {
    const addresses = expected.map(([name, address]) => ({ name, address }));
    expect(parseAddresses(text)).toEqual({ ok: true, addresses });
  });

  it.each([
    ['', 'mail: no address'],
    [' , ', 'mail: no address'],
    ['ops', "mail: missing '@' or angle-addr"],
    ['a b@x.org', 'mail: no angle-addr'],
    ['a@', 'mail: no domain after @'],
    ['a@x..org', 'mail: no domain after @'],
    ['.a@x.org', 'mail: invalid local part'],
    ['a@x.org b@x.org', 'mail: expected comma'],
    ['A <a@x.org', 'mail: unclosed angle-addr'],
    ['Ops: a@x.org', 'mail: group has no end'],
    ['"a\r\nRCPT TO:<b@x.org>"@x.org', 'mail: invalid local part'],
    ['a@x.org\u0000', 'mail: not a list of addresses: "a@x.org\\u0000"'],
    ['"a@x.org', 'mail: not a list of addresses: "\\"a@x.org"'],
    ['a@x.org (', 'mail: not a list of addresses: "a@x.org ("'],
  ])('refuses %j', (text, error) => {
    expect(parseAddresses(text)).toEqual({ ok: false, error });
  });
});
