const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Mail programs know few style sheets: what matters stands in the elements, the rest makes it pleasant. */
const STYLE = [
  ':root{color-scheme:light dark}',
  '@media (max-width:640px){.sheet{width:100%!important;border-radius:0!important;border:0!important}}',
  '@media (prefers-color-scheme:dark){',
  'body,.page{background:#16181b!important}',
  '.sheet,.card{background:#202327!important;border-color:#3a3f45!important}',
  '.text{color:#e4e6e8!important}.quiet{color:#9aa1a9!important}a.link{color:#7cb8ea!important}',
  '}',
].join('');

const LINK = `class="link" style="color:#1a6fb5;text-decoration:none;margin-right:14px"`;

const ALERT =
  '<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" ' +
  'style="margin:0 0 12px;border:1px solid #dfe2e6;border-radius:6px"><tr><td style="padding:12px 14px">' +
  `<div class="text" style="${FONT};font-size:15px;line-height:1.4;color:#24282c;font-weight:600">` +
  '{{#if annotations.summary}}{{annotations.summary}}{{else}}{{name}}{{/if}}</div>' +
  `<div class="quiet" style="${FONT};font-size:13px;line-height:1.5;color:#6b7280">` +
  '{{#if (eq status "firing")}}firing for {{duration duration}}{{else}}resolved after {{duration duration}}{{/if}}, ' +
  'since {{date startsAt}}</div>' +
  `{{#if annotations.description}}<div class="text" style="${FONT};font-size:14px;line-height:1.5;color:#24282c;` +
  'margin:6px 0 0">{{annotations.description}}</div>{{/if}}' +
  `<div class="quiet" style="font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px;line-height:1.6;` +
  'color:#6b7280;margin:8px 0 0;word-break:break-word">' +
  '{{#each (pairs labels)}}{{name}}={{value}}<br>{{/each}}</div>' +
  `<div style="${FONT};font-size:13px;margin:10px 0 0">` +
  `{{#if (httpUrl annotations.runbook_url)}}<a href="{{httpUrl annotations.runbook_url}}" ${LINK}>Runbook</a>{{/if}}` +
  `{{#if links.source}}<a href="{{httpUrl links.source}}" ${LINK}>Source</a>{{/if}}` +
  `<a href="{{links.silence}}" ${LINK}>Silence</a><a href="{{links.explain}}" ${LINK}>Why?</a></div>` +
  '</td></tr></table>';

const section = (title: string, list: string): string =>
  `{{#if ${list}}}<h2 class="text" style="${FONT};font-size:14px;color:#24282c;margin:18px 0 10px">` +
  `${title} ({{count ${list}}})</h2>{{#each (take ${list} 50)}}${ALERT}{{/each}}` +
  `{{#if (gt (count ${list}) 50)}}<p class="quiet" style="${FONT};font-size:13px;color:#6b7280">` +
  `and {{minus (count ${list}) 50}} more</p>{{/if}}{{/if}}`;

/** A mail for light and dark, wide and narrow screens. */
export const HBS_MAIL = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{> subject}}</title>
<style>${STYLE}</style>
</head>
<body style="margin:0;background:#f3f4f6">
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center">
<table class="sheet" role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:600px;max-width:100%;margin:20px 0;background:#ffffff;border:1px solid #dfe2e6;border-radius:8px">
<tr><td style="${FONT};background:{{#if firing}}#c8401f{{else}}#3f7d20{{/if}};color:#ffffff;padding:18px 20px;border-radius:8px 8px 0 0">
<div style="font-size:18px;font-weight:700;line-height:1.3">{{> group-name}}</div>
<div style="font-size:14px;line-height:1.5">{{#if firing}}{{count firing}} firing{{/if}}{{#if (and firing resolved)}}, {{/if}}{{#if resolved}}{{count resolved}} resolved{{/if}}</div>
</td></tr>
<tr><td style="padding:4px 20px 20px">
${section('New', 'new')}${section('Firing again', 'unmuted')}${section('Still firing', 'stillFiring')}${section('Resolved', 'resolved')}
<p style="${FONT};font-size:14px;margin:20px 0 0"><a href="{{links.alerts}}" ${LINK}>All alerts of {{receiver}}</a></p>
</td></tr>
</table>
<p class="quiet" style="${FONT};font-size:12px;color:#6b7280;padding:0 0 20px">Sent by Tocsin to {{receiver}}: {{reason}}</p>
</td></tr></table>
</body>
</html>
`;
