/** Source: Go `regexp.QuoteMeta`: receiver names go into links that filter by a regex. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
