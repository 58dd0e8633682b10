import { custom, type Decoder, string, withDefault } from '@tocsin/common/config/decode';
import { Secret } from '@tocsin/common/config/secret';
import { checkHttpUrl, httpUrl } from '@tocsin/common/http/url.schema';
import { goQuote } from '@tocsin/common/labels/go-quote';

/** What is shown instead of a secret, and is taken where one is expected, so that what is shown loads again. */
export const HIDDEN = '<secret>';

/** An http or https address; '' when it is null, and not an address when it is empty. */
export function urlOr(fallback: string): Decoder<string> {
  return withDefault(nullAs('', httpUrl), fallback);
}

/** An http or https address that is never shown; empty when absent or null. */
export const secretUrl: Decoder<Secret> = withDefault(
  nullAs(
    new Secret(''),
    custom(string, (text, report) => {
      if (text === HIDDEN) return new Secret(text);
      const checked = checkHttpUrl(text);
      return checked.ok ? new Secret(text) : report(checked.error);
    }),
  ),
  new Secret(''),
);

/** `host:port`; '' when absent. */
export const hostPort: Decoder<string> = withDefault(
  custom(string, (value, report) => {
    const problem = hostPortProblem(value);
    return problem === null ? value : report(problem);
  }),
  '',
);

function nullAs<T>(value: T, of: Decoder<T>): Decoder<T> {
  return {
    typeName: of.typeName,
    decode: (place, context) => (place.node === null ? value : of.decode(place, context)),
  };
}

/** Source: Go `net.SplitHostPort`, Alertmanager `HostPort`. */
function hostPortProblem(address: string): string | null {
  if (address === '') return null;
  const [, bracketed, plain = '', port] = /^(?:\[([^[\]]*)\]|([^[\]]*?))(?::([^:]*))?$/.exec(address) ?? [];
  if (bracketed === undefined && plain.includes(':')) return `address ${address}: too many colons in address`;
  if (port === undefined) return `address ${address}: missing port in address`;
  return port === '' ? `address ${goQuote(address)}: port cannot be empty` : null;
}
