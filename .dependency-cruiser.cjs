/**
 * Who may import whom: the table of folders as rules. Each message names the folder where the thing
 * belongs. Tests beside their file may import everything, but nobody imports a test.
 */

const FOLDERS = [
  'domain',
  'workflows',
  'activities',
  'store',
  'telephony',
  'carrier',
  'api',
  'worker',
  'platform',
  'cli',
  'dev',
  'client',
  'dashboard',
  'prisma',
  'test',
  'bench',
];
const SPEC = '\\.spec\\.tsx?$';
const NPM = '(^|/)node_modules/';

/** The folder may import itself, the folders in `allowed`, and the single files in `allowedFiles`. */
function folderRule(folder, allowed, { allowedFiles = [], comment, ...to }) {
  const others = FOLDERS.filter((name) => name !== folder && !allowed.includes(name));
  return {
    name: `${folder}-may-import`,
    severity: 'error',
    comment,
    from: { path: `^${folder}/`, pathNot: SPEC },
    to: { path: `^(${others.join('|')})/`, pathNot: allowedFiles, ...to },
  };
}

/** The folder may use these npm packages and no others. */
function packageRule(folder, packages, comment) {
  return {
    name: `${folder}-packages`,
    severity: 'error',
    comment,
    from: { path: `^${folder}/`, pathNot: SPEC },
    to: { path: NPM, pathNot: `${NPM}(@types/)?(${packages.join('|')})/` },
  };
}

/** Inside api/: the folder, and the folders of api/ that it may import. What is at the top of api/ starts it. */
const API_LAYERS = [
  ['http', ['schemas']],
  ['schemas', []],
  ['views', ['http', 'schemas']],
  ['actions', ['http', 'schemas', 'views']],
  ['routes', ['http', 'schemas', 'views', 'actions']],
];

function apiLayerRule(layer, allowed) {
  return {
    name: `api-${layer}-may-import`,
    severity: 'error',
    comment: `api/${layer}/ may import of api/: ${allowed.join(', ') || 'nothing else'}.`,
    from: { path: `^api/${layer}/`, pathNot: SPEC },
    to: { path: '^api/', pathNot: [layer, ...allowed].map((name) => `^api/${name}/`) },
  };
}

/** What API and worker share with the workflows: names, and the one way to start or wake a run. */
const CONTRACT = '^workflows/(contract|wake-run)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    folderRule('domain', [], {
      comment:
        'domain/ holds pure rules and imports nobody of ours: what needs rows belongs to store/, effects to activities/.',
    }),
    packageRule(
      'domain',
      ['zod', 'libphonenumber-js', 'luxon', 'date-holidays'],
      'domain/ also runs in the browser: only small pure libraries. Input and output belong to store/, telephony/ or platform/.',
    ),
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain/ also runs in the browser: what needs Node belongs to platform/, store/ or telephony/.',
      from: { path: '^domain/', pathNot: SPEC },
      to: { dependencyTypes: ['core'] },
    },
    folderRule('workflows', ['domain'], {
      dependencyTypesNot: ['type-only'],
      comment: 'workflows/ may import domain/, and from activities/ types only: effects are proxied, never imported.',
    }),
    {
      name: 'workflows-types-from-activities-only',
      severity: 'error',
      comment: 'workflows/ may take types from activities/ only: a type that both sides need belongs to domain/.',
      from: { path: '^workflows/', pathNot: SPEC },
      to: { path: '^(?!domain/|workflows/|activities/)[^/]+/', pathNot: NPM, dependencyTypes: ['type-only'] },
    },
    {
      ...packageRule(
        'workflows',
        ['@temporalio/(workflow|common)'],
        'workflows/ must replay: only @temporalio/workflow. Everything with effects belongs to activities/.',
      ),
      // Not part of the workflow: what API and worker start it with.
      from: { path: '^workflows/', pathNot: [SPEC, '^workflows/wake-run\\.ts$'] },
    },
    {
      name: 'workflows-are-deterministic',
      severity: 'error',
      comment: 'workflows/ must replay: what needs Node belongs to activities/.',
      from: { path: '^workflows/', pathNot: SPEC },
      to: { dependencyTypes: ['core'] },
    },
    folderRule('activities', ['domain', 'store', 'telephony', 'platform'], {
      allowedFiles: [CONTRACT],
      comment: 'activities/ is glue between store/ and telephony/: names and ids come from workflows/contract.ts.',
    }),
    folderRule('store', ['domain', 'platform'], {
      comment: 'store/ holds database verbs: what joins them with calls belongs to activities/.',
    }),
    folderRule('telephony', ['domain', 'platform'], {
      comment: 'telephony/ speaks to providers: what needs rows belongs to activities/.',
    }),
    folderRule('carrier', ['domain'], {
      comment:
        'carrier/ is another company: it knows what crosses the wire, and no code of the product but words of domain/.',
    }),
    folderRule('api', ['domain', 'store', 'telephony', 'platform'], {
      allowedFiles: [CONTRACT],
      comment:
        'api/ reaches workflows through workflows/contract.ts only; work after the answer belongs to activities/.',
    }),
    ...API_LAYERS.map(([layer, allowed]) => apiLayerRule(layer, allowed)),
    folderRule('worker', ['domain', 'workflows', 'activities', 'store', 'telephony', 'platform'], {
      comment: 'worker/ is a process of its own: what it shares with api/ belongs to platform/ or store/.',
    }),
    folderRule('platform', [], {
      comment: 'platform/ imports nothing of ours: rules belong to domain/, database verbs to store/.',
    }),
    folderRule('cli', ['domain', 'store', 'telephony', 'platform'], {
      allowedFiles: [CONTRACT],
      comment: 'cli/ is what an installation runs: verbs of store/ in a process of their own.',
    }),
    folderRule(
      'dev',
      FOLDERS.filter((folder) => !['test', 'bench', 'dashboard'].includes(folder)),
      {
        comment: 'dev/ is what a clone runs: what only tests need belongs to test/support/.',
      },
    ),
    folderRule('prisma', [], { comment: 'prisma/ holds the schema and the migrations.' }),
    folderRule('client', [], { comment: 'client/ is published: it imports nothing of ours.' }),
    packageRule(
      'client',
      ['openapi-fetch', 'openapi-typescript-helpers'],
      'client/ also runs in the browser: fetch and nothing of Node.',
    ),
    folderRule('dashboard', ['client', 'domain'], {
      comment: 'dashboard/ is a client of the API: data comes through client/.',
    }),
    {
      name: 'dashboard-is-a-page',
      severity: 'error',
      comment: 'dashboard/src/ runs in the browser: nothing of Node is there.',
      from: { path: '^dashboard/src/', pathNot: SPEC },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-store-touches-the-database',
      severity: 'error',
      comment: 'Only store/ touches the database: write a verb there and import that.',
      from: { path: `^(${FOLDERS.join('|')})/`, pathNot: ['^(store|test|bench|dev|prisma)/', SPEC] },
      to: { path: [`${NPM}(@types/)?(pg|pg-copy-streams|@prisma/[^/]+)/`, '^store/generated/'] },
    },
    {
      name: 'nobody-imports-test',
      severity: 'error',
      comment: 'Nobody imports test/ or a spec: what is needed elsewhere belongs to the folder that it is about.',
      from: { pathNot: ['^(test|bench)/', SPEC] },
      to: { path: ['^test/', SPEC] },
    },
    {
      name: 'dev-serves-tests-and-benches',
      severity: 'error',
      comment: 'dev/ is imported by test/ and bench/ only: what the product needs belongs to platform/.',
      from: { pathNot: ['^(test|bench|dev)/', SPEC, NPM] },
      to: { path: '^dev/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that need each other hide a third one: give what both need a file of its own.',
      from: { pathNot: '^store/generated/' },
      to: { circular: true },
    },
    {
      name: 'not-to-dev-packages',
      severity: 'error',
      comment: 'The product runs without devDependencies: move the package, or the code to dev/ or test/.',
      from: { path: '^(domain|workflows|activities|store|telephony|carrier|api|worker|platform|cli)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'], pathNot: `${NPM}@types/` },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'This file or package is not there: correct the path, or add the package to package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^store/generated/', '^dist/'] },
    exclude: { path: ['^dist/', '^\\.data/', '^\\.cache/', '^dashboard/dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
