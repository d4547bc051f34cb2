/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/dev/jest-environment.cjs',
  runtime: '<rootDir>/dev/jest-runtime.cjs',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/\\.data/', '<rootDir>/\\.cache/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.data/', '<rootDir>/\\.cache/'],
  // Inside the project, not in the system's temporary folder.
  cacheDirectory: '<rootDir>/.cache/jest',
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/dev/jest-resolver.cjs',
  testSequencer: '<rootDir>/dev/jest-sequencer.mjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2022',
          transform: { verbatimModuleSyntax: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Two cores is what CI and small machines have, and the suites that kill and restart processes mostly wait for them. Each
  // worker has a database of its own.
  maxWorkers: 3,
  testTimeout: 60_000,
};
