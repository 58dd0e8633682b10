import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Lua commands are imported as text, as the build does. */
const luaAsText = {
  name: 'lua-as-text',
  transform(source: string, id: string) {
    return id.endsWith('.lua') ? { code: `export default ${JSON.stringify(source)};`, map: null } : null;
  },
};

const projects = ['libs/common', 'libs/go-template', 'apps/notifier', 'apps/evaluator', 'apps/cli'];
const alias = projects.map((path) => ({
  find: new RegExp(`^@tocsin/${path.replace(/^.*\//, '')}/`),
  replacement: fromRoot(`./${path}/src/`),
}));

const shared = { plugins: [luaAsText], resolve: { alias } };

/**
 * Five suites. `core` needs nothing but the code; `redis` a Redis at TOCSIN_TEST_REDIS_URL; `acceptance` runs whole
 * applications in the test's process; `model` compares what notifiers do under faults with a small model, in simulated
 * time; `system` runs the built program and real peers.
 */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'core',
          include: ['{apps,libs}/**/*.spec.ts'],
          exclude: ['**/*.redis.spec.ts', '**/node_modules/**'],
          testTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: { name: 'redis', include: ['{apps,libs}/**/*.redis.spec.ts'], testTimeout: 60_000 },
      },
      {
        ...shared,
        test: {
          name: 'acceptance',
          include: ['test/acceptance/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: { name: 'model', include: ['test/model/**/*.spec.ts'], testTimeout: 60_000 },
      },
      {
        ...shared,
        test: {
          name: 'system',
          include: ['test/{system,cluster,conformance}/**/*.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
