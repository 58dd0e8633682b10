import tseslint from 'typescript-eslint';

/** Endings that mark a file as shell, wiring or test (docs: CONTRIBUTING.md). Everything else is core. */
const shellSuffixes = [
  'processor',
  'controller',
  'loader',
  'filter',
  'service',
  'store',
  'client',
  'sender',
  'integration',
  'module',
  'metrics',
  'spec',
  'contract',
];

const coreImports = [
  '@nestjs/*',
  'bullmq',
  'ioredis',
  'undici',
  'undici/*',
  'nodemailer',
  'prom-client',
  'lmdb',
  'pino',
  'fastify',
  'node:fs',
  'node:fs/*',
  'node:http',
  'node:https',
  'node:net',
  'node:child_process',
];

const clockless = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Core takes nowMs as an argument.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Core takes nowMs as an argument.' },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Core is deterministic: take the random value as an argument.',
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', 'data/**'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-depth': ['warn', 4],
    },
  },
  {
    // The core: pure functions and values (design: decide in pure functions, act at the edges).
    files: ['{apps,libs}/*/src/**/*.ts'],
    ignores: [
      ...shellSuffixes.map((suffix) => `**/*.${suffix}.ts`),
      '**/main.ts',
      '**/testing/**',
      '**/fake-*.ts',
      '**/{embedded,redis,in-process,bullmq}-*.ts',
      'apps/cli/**',
      // The two that every shell file gets handed: the clock and the log.
      'libs/common/src/time/clock.ts',
      'libs/common/src/log/logger.ts',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: coreImports,
              message: 'This is a core file: it computes, it does not act. Name it for its side (CONTRIBUTING.md).',
            },
          ],
        },
      ],
      'no-restricted-syntax': ['error', ...clockless],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Read the environment in config/.' },
        'setTimeout',
        'setInterval',
        'fetch',
      ],
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['apps/cli/**/*.ts', 'scripts/**', 'test/**'], rules: { 'no-console': 'off' } },
);
