/** Whether an address leads to a page: alerts may bring any text, and `javascript:` addresses. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** What no address holds as it is, and what ends a link in Markdown or Slack's markup. */
const ENDS_LINK = /[\s\p{Cc}"()<>\\|`]/gu;

/** The address of a page, fit for links of any markup; '' where the text is none. */
export function httpUrl(text: string): string {
  const url = text.trim();
  return isHttpUrl(url) ? url.replace(ENDS_LINK, encoded) : '';
}

/** A text as part of an address, fit for links of any markup. */
export function urlPart(text: string): string {
  return encodeURIComponent(text).replace(/[()]/g, encoded);
}

/** The text where Slack reads markup: without links, or mentions such as `<!channel>`. */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function encoded(char: string): string {
  const code = char.charCodeAt(0);
  return code < 0x80 ? `%${code.toString(16).toUpperCase().padStart(2, '0')}` : encodeURIComponent(char);
}
