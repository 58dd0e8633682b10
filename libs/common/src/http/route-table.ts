/** Which methods exist for which paths: what 404, 405 and `Allow` are answered from. */
export class RouteTable {
  private readonly routes: { pattern: RegExp; path: string; methods: Set<string> }[] = [];

  /** `path` in the router's form: `/silence/:id`. */
  add(method: string, path: string): void {
    let route = this.routes.find((known) => known.path === path);
    if (route === undefined) {
      const source = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+');
      route = { path, pattern: new RegExp(`^${source}$`), methods: new Set() };
      this.routes.push(route);
    }
    route.methods.add(method);
  }

  /** Sorted; empty when no route has this path, a slash at its end apart. */
  methodsOf(path: string): readonly string[] {
    const asked = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const methods = this.routes.filter((route) => route.pattern.test(asked)).flatMap((route) => [...route.methods]);
    return [...new Set(methods)].sort();
  }
}
