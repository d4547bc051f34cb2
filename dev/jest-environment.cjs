/**
 * Node's environment for tests: one global object in each worker, so that modules can be shared (jest-runtime.cjs), in which a warning that announces a defect fails the test during which it came: something
 * deprecated was called, or listeners pile up. The most telling one is pg's, of a connection that gets a query while it runs
 * another. A warning after the last test fails the file.
 */
const { TestEnvironment } = require('jest-environment-node');

/** What each file sets anew. */
const HANDLERS = Symbol.for('EVENT_HANDLERS');
const FAILING = new Set(['DeprecationWarning', 'MaxListenersExceededWarning']);

/** The environment of the first file in this worker, whose global object all have. */
let shared;

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    shared ??= { ...this };
    Object.assign(this, shared);
    delete this.global[HANDLERS];
    this.warnings = [];
    this.onWarning = (warning) => {
      if (FAILING.has(warning.name)) this.warnings.push(warning.stack);
    };
    process.on('warning', this.onWarning);
  }

  /** Before the test's result is made. A warning is told in the next tick, which is over by then. */
  async handleTestEvent(event) {
    if (event.name === 'test_done') event.test.errors.push(...this.takeWarnings());
  }

  async teardown() {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', this.onWarning);
    this.fakeTimersModern.useRealTimers();
    const [first] = this.takeWarnings();
    if (first) throw first;
  }

  takeWarnings() {
    return this.warnings.splice(0).map((stack) => {
      const error = new Error(`The process was warned:\n${stack}`);
      error.stack = error.message;
      return error;
    });
  }
};
