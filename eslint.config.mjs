import eslint from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** Names that lint would otherwise take for mistakes in plain JavaScript; TypeScript files are checked by tsc. */
const nodeGlobals = [
  ...['console', 'process', 'performance', 'fetch', 'URL', 'Buffer', 'WebAssembly', 'AbortController', 'AbortSignal'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'structuredClone'],
];

/** Environment is read once, in platform/: everything else is given what it needs. */
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in platform/ only, and hand on what this file needs as an argument.',
};

/** Errors are logged as they were thrown, by the logger, which leaves out what names a person (platform/loggable.ts). */
const inLogCall =
  "CallExpression[callee.property.name=/^(trace|debug|info|warn|error|fatal)$/]:matches([callee.object.name='logger'], [callee.object.property.name='logger'])";
const LOG_THE_ERROR = 'Hand the error itself to the logger, as `{ err }`: its words may hold a number or a name.';
const noOtherWayToLog = [
  {
    selector: "MemberExpression[object.name='console']",
    message: 'Log with the logger of the process (platform/logger.ts): console prints an error with all that is in it.',
  },
  {
    selector: `${inLogCall} MemberExpression[property.name=/^(message|stack|detail|hint|where|cause)$/]`,
    message: LOG_THE_ERROR,
  },
  { selector: `${inLogCall} CallExpression[callee.name=/^(String|inspect|format)$/]`, message: LOG_THE_ERROR },
  {
    selector: `${inLogCall} CallExpression[callee.property.name=/^(toString|inspect|format)$/]`,
    message: LOG_THE_ERROR,
  },
  { selector: `${inLogCall} TemplateLiteral > Identifier[name=/^(err|error|thrown|reason)$/]`, message: LOG_THE_ERROR },
];

/** A verb of the store may be given one connection, which runs one query at a time. */
const noQueriesAtOnce = {
  selector: "CallExpression[callee.object.name='Promise'][callee.property.name=/^(all|allSettled|any|race)$/]",
  message: 'Use queryAll of store/database.ts: one connection must not get a query while it runs another.',
};

export default tseslint.config(
  {
    ignores: ['dist/', 'coverage/', '.cache/', '.data/', 'store/generated/', 'client/generated/'],
  },
  eslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-restricted-syntax': ['error', noEnvironment],
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
  },
  {
    // What a client or a provider sends meets these patterns: none may take longer than its text is long.
    files: ['{activities,api,carrier,client,domain,platform,store,telephony,worker,workflows}/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignorePartial: false }],
      'regexp/optimal-quantifier-concatenation': 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { require: 'readonly', module: 'writable', __dirname: 'readonly' },
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // The ones that need types, chosen for what they catch in code that waits for databases and servers.
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // A clock or a random number of the machine would differ when history is replayed. Temporal replaces both, but code
    // that reads as if it asked the machine misleads; processes and timers of Node do not exist there at all.
    files: ['workflows/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'performance', 'fetch'].map((name) => ({
          name,
          message: 'Workflow code is replayed: what asks the machine belongs to activities/.',
        })),
      ],
    },
  },
  {
    files: [
      'platform/**',
      'dev/**',
      'cli/**',
      'examples/**',
      'test/**',
      'bench/**',
      'prisma.config.ts',
      '**/*.spec.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['{activities,api,domain,store,telephony,worker,workflows}/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnvironment, ...noOtherWayToLog] },
  },
  {
    files: ['store/**/*.ts'],
    ignores: ['**/*.spec.ts', 'store/database.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnvironment, ...noOtherWayToLog, noQueriesAtOnce] },
  },
  {
    files: ['platform/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noOtherWayToLog] },
  },
  {
    // A second logger would not have the rules of the first.
    files: ['{activities,api,domain,platform,store,telephony,worker,workflows}/**/*.ts'],
    ignores: ['platform/logger.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: 'pino', message: 'createLogger of platform/logger.ts makes loggers.' }] },
      ],
    },
  },
  {
    // Each has a place that does it right. The preview of a fix changes nothing, so a second click does no harm.
    files: ['dashboard/src/**'],
    ignores: [
      'dashboard/src/api/lazy-part.ts',
      'dashboard/src/app/changes/use-guarded-mutation.ts',
      'dashboard/src/parts/dialog/*.tsx',
      'dashboard/src/pages/draft/upload/rejected/GroupActions.tsx',
    ],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@tanstack/react-query',
              importNames: ['useMutation'],
              message: 'useGuardedMutation does not begin again while it is under way.',
            },
            {
              name: '@mantine/core',
              importNames: ['Modal', 'Drawer'],
              message: 'Of several, Dialog and SideDialog are closed one at a time, by Escape and by Back.',
            },
            {
              name: 'react',
              importNames: ['lazy'],
              message: 'lazyPart waits while the server does not answer.',
            },
          ],
        },
      ],
    },
  },
  {
    // A suite is one function that holds many stories, and a table test has as many parameters as its table has columns.
    files: ['**/*.spec.ts', 'test/**', 'bench/**'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off', 'max-params': 'off' },
  },
  {
    files: ['dashboard/public/*.js'],
    languageOptions: { globals: { window: 'readonly', document: 'readonly' } },
  },
  {
    files: ['dashboard/**/*.ts', 'dashboard/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['dashboard/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
);
