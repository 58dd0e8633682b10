import { custom, type Decoder, string } from '@tocsin/common/config/decode';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { TEMPLATE_LANGUAGES, type TemplateLanguage } from './template-language';

/** The key `template_language` of `global` or of a receiver (ours). */
export const templateLanguage: Decoder<TemplateLanguage> = custom(string, (text, report) => {
  const language = TEMPLATE_LANGUAGES.find((known) => known === text);
  return language ?? report(`template_language must be one of ${TEMPLATE_LANGUAGES.join(', ')}, got ${goQuote(text)}`);
});
