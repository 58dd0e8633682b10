/** A path without `//`, `.` and `..`, where it has any; else null. Source: Go's `http.ServeMux`, which redirects there. */
export function cleanPath(path: string): string | null {
  const segments = path.split('/').slice(1);
  if (!segments.slice(0, -1).includes('') && !segments.some(isDots)) return null;
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const endsWithSlash = kept.length > 0 && segments.at(-1) === '';
  return `/${kept.join('/')}${endsWithSlash ? '/' : ''}`;
}

function isDots(segment: string): boolean {
  return segment === '.' || segment === '..';
}
