import { expect, it } from 'vitest';
import { httpUrl, slackText, urlPart } from './hbs-links';

it.each([
  ['http://prometheus/graph?g0.expr=up+%3E+1&g0.tab=1', 'http://prometheus/graph?g0.expr=up+%3E+1&g0.tab=1'],
  ['HTTPS://[::1]:9090/~a', 'HTTPS://[::1]:9090/~a'],
  ['https://wiki.test/runbook\n', 'https://wiki.test/runbook'],
  ['http://a.test/x (y) z', 'http://a.test/x%20%28y%29%20z'],
  ['http://a.test/?q=a>1|b<2`"\\', 'http://a.test/?q=a%3E1%7Cb%3C2%60%22%5C'],
  ['http://a.test/a\nb\u0000c\u00a0d', 'http://a.test/a%0Ab%00c%C2%A0d'],
  ['javascript:alert(1)', ''],
  ['java\nscript:alert(1)//http://', ''],
  ['data:text/html,x', ''],
  ['//a.test', ''],
  ['http:a.test', ''],
  ['see http://a.test', ''],
  ['', ''],
])('the address of %j is %j', (text, url) => expect(httpUrl(text)).toBe(url));

it('brackets end no link that has them in a part', () => {
  expect(urlPart('{a="(b) c"}')).toBe('%7Ba%3D%22%28b%29%20c%22%7D');
});

it('shows markup of Slack as text', () => {
  expect(slackText('<!channel> a & b &lt; <http://x|y>')).toBe(
    '&lt;!channel&gt; a &amp; b &amp;lt; &lt;http://x|y&gt;',
  );
});
