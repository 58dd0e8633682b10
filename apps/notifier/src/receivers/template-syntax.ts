import { TemplateSet } from '@tocsin/go-template/template-set';

const builtInsOnly = new TemplateSet();

/** Why Go's parser refuses a template; null: it does not. Only Go's own functions are known. Source: Alertmanager,
 *  `SecretTemplateURL`. */
export function templateProblem(text: string): string | null {
  if (!text.includes('{{')) return null;
  const compiled = builtInsOnly.compile(text);
  return compiled.ok ? null : compiled.error.message;
}
