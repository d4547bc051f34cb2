/**
 * Jest's runtime, with the modules of the product and of packages loaded once in each worker, not anew for each test file: that
 * took a third of the suite's time. What lies in test/ and in specs, and what they import of Jest, is loaded for each file.
 * Goes with jest-environment.cjs, whose global object the modules share. So a module of the product must not keep state that a
 * second test in the same process could not bear; a process that serves several workspaces does not either.
 */
const path = require('node:path');
const { default: Runtime } = require('jest-runtime');

const root = path.resolve(__dirname, '..');
const shared = { es: new Map(), commonJs: new Map(), sourceMaps: new Map() };

module.exports = class extends Runtime {
  constructor(...args) {
    super(...args);
    this.registries.esModuleRegistry = new Map(shared.es);
    this.registries.moduleRegistry = shared.commonJs;
    this.transformCache.sourceMaps = shared.sourceMaps;
    // A shared module imports whenever it likes, also after the file that has loaded it.
    this.testState.bailIfTornDown = () => false;
    this.testState.throwIfBetweenTests = () => undefined;
  }

  /** What others use too stays, with the runtime that has loaded it. */
  teardown() {
    this.restoreAllMocks();
    for (const [key, module] of this.registries.esModuleRegistry)
      if (module.status === 'evaluated' && isShared(key)) shared.es.set(key, module);
  }
};

function isShared(key) {
  if (key.startsWith('@jest/globals')) return false;
  const file = path.relative(root, key.replace(/^file:\/\//, ''));
  return !file.startsWith('test/') && !/\.spec\.ts/.test(file);
}
