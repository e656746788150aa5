/** What `npm run check` insists on: correctness, the house style, and the floors of `floors.config.ts`. */
import { defineConfig } from 'oxlint';
import { floors, noEnvironment } from './floors.config.ts';

export default defineConfig({
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['node_modules', '**/dist', '**/.astro', '.data', 'coverage'],
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'func-style': [
      'error',
      'declaration',
      { allowArrowFunctions: true, allowTypeAnnotation: true, overrides: { namedExports: 'declaration' } },
    ],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'max-lines': ['error', { max: 250 }],
    'no-console': 'error',
    'no-else-return': 'error',
    'no-restricted-properties': ['error', noEnvironment],
    'no-var': 'error',
    'no-warning-comments': 'error',
    'prefer-const': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-namespace': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/no-array-reduce': 'error',

    // The compiler's noImplicitReturns says the same and understands exhaustive switches.
    'typescript/consistent-return': 'off',
    // At an edge an assertion after a check is the honest spelling.
    'typescript/no-unsafe-type-assertion': 'off',
    // A library's error may quote a connection string; ours name the kind and carry no cause.
    'preserve-caught-error': 'off',
    // Both misread state that changes while a loop awaits or calls back.
    'no-unmodified-loop-condition': 'off',
    'unicorn/no-useless-spread': 'off',
    // CommonJS packages are read through their default export.
    'import/no-named-as-default-member': 'off',
    // Nothing here is a class: a method of an interface is a closure and needs no `this`.
    'typescript/unbound-method': 'off',
    // Control characters are what scraped text is searched for.
    'no-control-regex': 'off',
    // A small function may stand beside its only use.
    'unicorn/consistent-function-scoping': 'off',
    // That is for windows; between threads there is no origin.
    'unicorn/require-post-message-target-origin': 'off',
    // A second argument is the sentence shown when it fails.
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    // Contract suites and story helpers hold the expectations, and take their titles from a table.
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/no-standalone-expect': 'off',
    'vitest/valid-title': 'off',
  },
  overrides: [
    ...floors,
    { files: ['**/*.config.*', '**/*.astro'], rules: { 'import/no-default-export': 'off' } },
    { files: ['**/*.astro'], rules: { 'unicorn/filename-case': 'off' } },
    // Astro looks for its locals in a namespace.
    { files: ['status-page/src/env.d.ts'], rules: { 'typescript/no-namespace': 'off' } },
    { files: ['**/*-command.ts', 'tests/**'], rules: { 'no-console': 'off' } },
    {
      files: ['tests/**'],
      rules: { 'max-lines': 'off', 'unicorn/no-array-sort': 'off', 'unicorn/no-array-reverse': 'off' },
    },
    // Where a process begins; for the page, its configuration.
    {
      files: [
        'bot/{main,worker}.ts',
        '**/*-command.ts',
        'tests/**',
        'status-page/*.config.*',
        'status-page/src/lib/site.ts',
      ],
      rules: { 'no-restricted-properties': 'off' },
    },
  ],
});
