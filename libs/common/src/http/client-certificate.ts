import { type ClientAuth } from './web-config';

/** What a client has shown of itself. */
export interface ShownCertificate {
  /** Whether it leads to an authority that is trusted. */
  readonly isTrusted: boolean;
  /** As Node writes them: `DNS:a.example, IP Address:10.0.0.1, URI:"spiffe://a, b"`; '' for none. */
  readonly altNames: string;
}

/** Why a client is not let in; null when it is. Source: Go `tls.ClientAuthType`, exporter-toolkit
 *  `VerifyPeerCertificate`. */
export function clientProblem(
  shown: ShownCertificate | null,
  rule: ClientAuth,
  allowedSans: readonly string[] | null,
): string | null {
  if (rule === 'none') return null;
  if (shown === null) {
    // Whoever names allowed clients does not mean to let in one without a name.
    const isNeeded = rule === 'require-any' || rule === 'require-and-verify' || allowedSans !== null;
    return isNeeded ? "tls: client didn't provide a certificate" : null;
  }
  const mustBeTrusted = rule === 'verify-if-given' || rule === 'require-and-verify';
  if (mustBeTrusted && !shown.isTrusted) return 'tls: failed to verify certificate of the client';
  if (allowedSans === null) return null;
  const names = new Set(splitAltNames(shown.altNames));
  if (allowedSans.some((allowed) => names.has(canonicalName(allowed)))) return null;
  return `could not find allowed SANs in client cert, found: [${allowedSans.join(' ')}]`;
}

/** The names, without their kinds. */
function splitAltNames(text: string): string[] {
  // Node quotes a value, as JSON, when it could be mistaken for two.
  const parts = text.match(/[^,\s:][^:,]*:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return parts.flatMap((part) => {
    const at = part.indexOf(':');
    const kind = part.slice(0, at);
    const value = part.slice(at + 1);
    if (!['DNS', 'email', 'IP Address', 'URI'].includes(kind)) return [];
    return [canonicalName(value.startsWith('"') ? String(JSON.parse(value)) : value)];
  });
}

/** One spelling for an IPv6 address, which Node and Go write differently. */
function canonicalName(name: string): string {
  return /^[0-9a-f:.]+$/i.test(name) && name.includes(':') && URL.canParse(`http://[${name}]`)
    ? new URL(`http://[${name}]`).hostname.slice(1, -1)
    : name;
}
