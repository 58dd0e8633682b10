import { type Rendered, type Templates } from '../templates';

/** Templates without an engine: `{{ template "x.default.title" . }}` gives `x.default.title`, what holds `{{ broken }}`
 *  fails, and `{{ NAME }}` or `{{ .NAME }}`
 *  gives what the test says. */
export function fakeTemplates(values: Readonly<Record<string, string>> = {}): Templates {
  const render = (source: string): Rendered => {
    if (/\{\{ \.?broken \}\}/.test(source)) return { ok: false, error: BROKEN };
    const text = source.replace(
      /\{\{ ?(?:template "([^"]*)" \.|([^}]*?)) ?\}\}/g,
      (_, template?: string, name?: string) => {
        return template ?? values[name ?? ''] ?? values[name?.replace(/^\./, '') ?? ''] ?? `<${name}>`;
      },
    );
    return { ok: true, text };
  };
  const run = { text: render, html: render };
  return { of: () => run, once: () => run };
}

/** How a template fails that holds `{{ broken }}`. */
export const BROKEN = 'template: :1:3: executing "" at <broken>: it is broken';

/** The same of a secret. */
export const BROKEN_SECRET = 'template: :1:3: it is broken';
