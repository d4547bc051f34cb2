import { createRequire } from 'node:module';

type Environment = {
  warnings: string[];
  onWarning(warning: Error): void;
  handleTestEvent(event: { name: string; test: { errors: Error[] } }): Promise<void>;
  teardown(): Promise<void>;
};
type EnvironmentClass = new (config: object, context: object) => Environment;

const TestEnvironment = createRequire(import.meta.url)('./jest-environment.cjs') as EnvironmentClass;

function openEnvironment(): Environment {
  const projectConfig = { globals: {}, testEnvironmentOptions: {}, fakeTimers: {} };
  return new TestEnvironment({ projectConfig, globalConfig: {} }, {});
}
const warning = (name: string) => Object.assign(new Error('two queries at once'), { name });

it('a test during which something deprecated was called fails, and so does one that leaves listeners behind', async () => {
  for (const name of ['DeprecationWarning', 'MaxListenersExceededWarning']) {
    const environment = openEnvironment();
    const errors: Error[] = [];
    environment.onWarning(warning(name));
    await environment.handleTestEvent({ name: 'test_done', test: { errors } });
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('two queries at once')]);
    await environment.teardown();
  }
});

it('a file fails for a warning that came after its last test, and for no other kind of warning', async () => {
  const late = openEnvironment();
  late.onWarning(warning('DeprecationWarning'));
  await expect(late.teardown()).rejects.toThrow('two queries at once');
  const other = openEnvironment();
  other.onWarning(warning('ExperimentalWarning'));
  await expect(other.teardown()).resolves.toBeUndefined();
});
