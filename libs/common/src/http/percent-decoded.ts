/** Decodes what is percent-encoded, and leaves the rest as it is: a password may hold a `%` that encodes nothing. */
export function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
