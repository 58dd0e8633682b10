/** Those of TLS 1.3 are always offered: Go does not let a file choose among them. */
const TLS13_CIPHERS = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** OpenSSL's name of each cipher of TLS 1.2 and before. Source: Go `tls.CipherSuites`. */
const ciphers: ReadonlyMap<string, string> = new Map([
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
]);

/** One of these HTTP/2 must be able to use. Source: RFC 7540, 9.2.2. */
const HTTP2_CIPHERS = ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'];

const curves: ReadonlyMap<string, string> = new Map([
  ['CurveP256', 'P-256'],
  ['CurveP384', 'P-384'],
  ['CurveP521', 'P-521'],
  ['X25519', 'X25519'],
]);

/** Whether Go knows a cipher by this name. */
export function isGoCipher(name: string): boolean {
  return ciphers.has(name) || TLS13_CIPHERS.includes(name);
}

/** Whether Go knows an elliptic curve by this name. */
export function isGoCurve(name: string): boolean {
  return curves.has(name);
}

/** Whether HTTP/2 could be spoken over TLS 1.2 with these ciphers. */
export function sufficeForHttp2(names: readonly string[]): boolean {
  return names.some((name) => HTTP2_CIPHERS.includes(name));
}

/** Ciphers by Go's names as OpenSSL takes them; null for none, which means its own choice. */
export function opensslCiphers(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  return [...TLS13_CIPHERS, ...names.flatMap((name) => ciphers.get(name) ?? [])].join(':');
}

/** Curves by Go's names as OpenSSL takes them; null for none, which means its own choice. */
export function opensslCurves(names: readonly string[]): string | null {
  return names.length === 0 ? null : names.flatMap((name) => curves.get(name) ?? []).join(':');
}
