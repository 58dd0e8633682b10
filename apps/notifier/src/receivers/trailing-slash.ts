/** The address with a path that ends with a slash; no address stays none. */
export function withTrailingSlash(url: string): string {
  return url === '' ? '' : url.replace(/^([^?#]*?)\/?(?=[?#]|$)/, '$1/');
}
