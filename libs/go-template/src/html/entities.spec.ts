import { describe, expect, it } from 'vitest';
import { decodeEntities } from './entities';

describe('decodeEntities', () => {
  it.each([
    ['a & b && c &; &-x', 'a & b && c &; &-x'],
    ['&quot;&QUOT;&apos;&amp;&lt;&gt;&sol;&quest;&num;&grave;&lcub;&NewLine;', `""'&<>/?#\`{\n`],
    ['&quotx&ampx=1&ltx&nbspx', '"x&x=1<x\u00a0x'],
    ['&quotx;&amplt;', '"x;&lt;'],
    ['&#34;&#x22;&#X22;&#34x&#x3Fy', '""""x?y'],
    ['&#9;&#9 &#1', '\t&#9 &#1'],
    ['&#;&#x;&#0;&#xd800;&#1114112;', '&#;\ufffd\ufffd\ufffd\ufffd'],
    ['&amp;quot;', '&quot;'],
  ])('as Go: %s', (text, decoded) => {
    expect(decodeEntities(text)).toBe(decoded);
  });

  it('makes some letter of names that no state minds', () => {
    expect(decodeEntities('caf&eacute;&hellip;')).toBe('caf\u00e9\u00e9');
  });

  it('leaves names that nobody knows', () => {
    expect(decodeEntities('&nosuch; &nosuch')).toBe('&nosuch; &nosuch');
  });
});
