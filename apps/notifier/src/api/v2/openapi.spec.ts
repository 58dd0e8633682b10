import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { describe, expect, it } from 'vitest';
import { ApiModule } from '../api.module';
import { ApiFixture } from '../testing/api-fixture';
import { type ApiParts } from './api-parts';
import { openApiDocument, paths } from './openapi';

interface Route {
  readonly path: string;
  readonly method: string;
  /** Where the handler takes the query, if it does. */
  readonly queryAt: number | null;
  call(...args: unknown[]): unknown;
}

/** Answers every use of it with itself. */
const anything: object = new Proxy(() => anything, { get: () => anything });

/** A controller that has its methods, and anything else it asks for. */
function unbuilt(prototype: object): object {
  return new Proxy(prototype, { get: (target, name) => Reflect.get(target, name) ?? anything });
}

/** Every route of the API, as its controllers declare them. */
function routes(): Route[] {
  const { controllers = [] } = ApiModule.of({} as ApiParts);
  return controllers.flatMap((controller) => {
    const base = String(Reflect.getMetadata(PATH_METADATA, controller));
    const { prototype } = controller as { prototype: Record<string, (...args: unknown[]) => unknown> };
    return Object.getOwnPropertyNames(prototype).flatMap((name): Route[] => {
      const handler = prototype[name];
      const method: unknown = handler && Reflect.getMetadata(METHOD_METADATA, handler);
      if (typeof method !== 'number' || handler === undefined) return [];
      const path = `/${base}/${String(Reflect.getMetadata(PATH_METADATA, handler))}`.replace(/\/+$|(\/)\/+/g, '$1');
      if (!path.startsWith('/api/v2/')) return [];
      const args = Object.entries<{ index: number }>(Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {});
      const query = args.find(([key]) => key.startsWith(`${RouteParamtypes.QUERY}:`));
      return [
        {
          path: path.slice('/api/v2'.length).replace(/:(\w+)/g, '{$1}'),
          method: RequestMethod[method]?.toLowerCase() ?? '',
          queryAt: query?.[1].index ?? null,
          call: (...given) => handler.apply(unbuilt(prototype), given),
        },
      ];
    });
  });
}

/** Names of the query parameters a handler looks at. */
async function queryParameters({ queryAt, call }: Route): Promise<string[]> {
  const names = new Set<string>();
  if (queryAt === null) return [];
  const query = new Proxy({}, { get: (_, name) => void names.add(String(name)) });
  const args = [anything, anything, anything, anything].with(queryAt, query);
  try {
    await call(...args);
  } catch {
    // It got as far as its parameters; the rest of it has nothing to work with here.
  }
  return [...names].sort();
}

/** Documented, though nothing looks at it: Alertmanager does not, either. */
const IGNORED: Readonly<Record<string, readonly string[]>> = { '/alerts': ['unprocessed'] };
/** Looked at in passing. */
const WITHOUT_MEANING: Readonly<Record<string, readonly string[]>> = { '/alerts': ['muted'] };

describe('the OpenAPI document', () => {
  const known = routes();
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  it('has every route, and no other', () => {
    const names = (list: readonly { path: string; method: string }[]) =>
      list.map(({ path, method }) => `${method} ${path}`).sort();
    expect(known.length).toBeGreaterThan(8);
    expect(names(documented)).toEqual(names(known));
  });

  it.each(documented)('has the parameters of $method $path, and no other', async ({ path, method, operation }) => {
    const route = known.find((one) => one.path === path && one.method === method);
    const parameters = (operation['parameters'] ?? []) as readonly { name: string; in: string }[];
    const of = (place: string) => parameters.filter((one) => one.in === place).map(({ name }) => name);
    expect(of('path')).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    const inQuery = of('query').filter((name) => !IGNORED[path]?.includes(name));
    const read = route === undefined ? [] : await queryParameters(route);
    expect(inQuery.sort()).toEqual(read.filter((name) => !WITHOUT_MEANING[path]?.includes(name)));
  });

  it('refers only to models there are, and to each of them', () => {
    const document = openApiDocument('/api/v2', '1');
    const { schemas } = document['components'] as { schemas: Record<string, unknown> };
    const used = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(schemas).sort());
  });

  it('is served below the API, wherever that is', async () => {
    const api = await ApiFixture.start();
    const answer = await api.get('/api/v2/openapi.json');
    expect([answer.status, answer.type]).toEqual([200, 'application/json']);
    expect(JSON.parse(answer.text)).toEqual(JSON.parse(JSON.stringify(openApiDocument('/api/v2', '1.2.3'))));
    await api.stop();
  });
});
