import { describe, expect, it } from 'vitest';
import { escapeHtml, escapeJs } from './escape';

// Printed by Go's text/template.
describe('escapeHtml and escapeJs', () => {
  it.each([
    ['', '', ''],
    [
      'a<b> & \'c\' "d"\u0000',
      'a&lt;b&gt; &amp; &#39;c&#39; &#34;d&#34;�',
      'a\\u003Cb\\u003E \\u0026 \\\'c\\\' \\"d\\"\\u0000',
    ],
    ['é=\\\n\u001f', 'é=\\\n\u001f', 'é\\u003D\\\\\\u000A\\u001F'],
    ['­\u2028😀󠀁', '­\u2028😀󠀁', '\\u00AD\\u2028😀\\uE0001'],
    ['\udcff', '\udcff', '\udcff'],
  ])('%j', (text, html, js) => {
    expect(escapeHtml(text)).toBe(html);
    expect(escapeJs(text)).toBe(js);
  });
});
