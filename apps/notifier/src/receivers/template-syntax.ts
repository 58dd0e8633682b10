/**
 * Why Go's parser would refuse a template, as far as can be told without one: an action that does not end.
 *
 * Source: the message of Go `text/template`.
 */
export function templateProblem(text: string): string | null {
  let end = 0;
  for (let start = text.indexOf('{{'); start !== -1; start = text.indexOf('{{', end)) {
    end = text.indexOf('}}', start + 2);
    if (end === -1) return `template: :${text.slice(0, start).split('\n').length}: unclosed action`;
  }
  return null;
}
