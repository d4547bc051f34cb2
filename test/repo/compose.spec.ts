import { existsSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { PRODUCT_FOLDERS } from '../../dev/build/compile.js';
import { SOURCES as DASHBOARD_SOURCES } from '../../dev/build/dashboard.js';
import { readRepoFile, ROOT } from './repo-files.js';

type Service = {
  image: string;
  build?: string;
  command?: string[];
  entrypoint?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  restart?: string;
};

const compose = parse(readRepoFile('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const { scripts } = JSON.parse(readRepoFile('package.json')) as { scripts: Record<string, string> };
const dockerfile = readRepoFile('Dockerfile');

/** The source of a compiled file. */
function sourceOf(built: string): string {
  return built.replace(/^dist\//, '').replace(/\.js$/, '.ts');
}

function isRunnable(command: readonly string[]): boolean {
  const [program, ...args] = command;
  if (program === 'npm') return args[0] === 'run' && (args[1] ?? '') in scripts;
  const built = args.find((arg) => arg.startsWith('dist/'));
  return program === 'node' && built !== undefined && existsSync(path.join(ROOT, sourceOf(built)));
}

describe('docker-compose.yml', () => {
  it('has PostgreSQL, Temporal with schema, namespace and UI, migrations, setup, API and worker', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      [
        'api',
        'migrate',
        'postgres',
        'setup',
        'temporal',
        'temporal-namespace',
        'temporal-schema',
        'temporal-ui',
        'worker',
      ].sort(),
    );
  });

  it('pins every image to a version, and uses none that is deprecated', () => {
    expect(
      services
        .filter(([, { image }]) => !/:\d+(\.\d+)*([-.\w]*)$/.test(image) || image.includes('auto-setup'))
        .map(([name]) => name),
    ).toEqual([]);
  });

  it('publishes every port on this machine only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  });

  it('runs commands of ours that exist', () => {
    const ours = services.filter(([, { image }]) => image.startsWith('dialwright:'));
    expect(ours.map(([name]) => name).sort()).toEqual(['api', 'migrate', 'setup', 'worker']);
    expect(
      ours.filter(([, service]) => !isRunnable(service.entrypoint ?? service.command ?? [])).map(([name]) => name),
    ).toEqual([]);
  });

  it('waits only for services that are there, and for health only where there is a check', () => {
    const waits = services.flatMap(([, service]) => Object.entries(service.depends_on ?? {}));
    expect(waits.filter(([name]) => !(name in compose.services))).toEqual([]);
    expect(
      waits.filter(([name, { condition }]) => condition === 'service_healthy' && !compose.services[name]?.healthcheck),
    ).toEqual([]);
    expect(
      waits.filter(
        ([name, { condition }]) =>
          condition === 'service_completed_successfully' && compose.services[name]?.restart !== 'no',
      ),
    ).toEqual([]);
  });

  it('mounts files and volumes that are there', () => {
    const mounted = services
      .flatMap(([, service]) => service.volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '');
    expect(
      mounted.filter(
        (source) => !(source.startsWith('./') ? existsSync(path.join(ROOT, source)) : source in compose.volumes),
      ),
    ).toEqual([]);
    const files = services.flatMap(([, service]) => [
      ...(service.entrypoint ?? []),
      service.environment?.['DYNAMIC_CONFIG_FILE_PATH'] ?? '',
    ]);
    const inMounts = files
      .filter((file) => /^\/(etc\/)?dialwright\//.test(file))
      .map((file) => `docker/${path.basename(file)}`);
    expect(inMounts).toHaveLength(3);
    expect(inMounts.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('holds no password', () => {
    const secrets = services.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD|DATABASE_URL/.test(name)),
    );
    expect(secrets.length).toBeGreaterThanOrEqual(4);
    expect(secrets.filter(([, value]) => !/\$\{(?:POSTGRES|DIALWRIGHT_RUN)_PASSWORD:\?/.test(value))).toEqual([]);
  });
});

it('Temporal has the same settings in compose as in development', () => {
  const config = parse(readRepoFile('docker/temporal-dynamic-config.yaml')) as Record<string, { value: unknown }[]>;
  const written = Object.entries(config).map(([name, [entry]]) => `${name}=${JSON.stringify(entry?.value)}`);
  const [, list = ''] = /DYNAMIC_CONFIG = \[([^\]]*)\]/.exec(readRepoFile('dev/servers/dev-temporal.ts')) ?? [];
  const used = [...list.matchAll(/'([^']+)'/g)].map(([, value]) => value);
  expect(used.length).toBeGreaterThan(0);
  expect(written.sort()).toEqual(used.sort());
});

it('compose makes the search attributes that the contract names', () => {
  const names = [...readRepoFile('workflows/contract.ts').matchAll(/defineSearchAttributeKey\('(\w+)'/g)].map(
    ([, name]) => name,
  );
  const made = [...readRepoFile('docker/temporal-namespace.sh').matchAll(/^attribute (\w+)$/gm)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(0);
  expect(made.sort()).toEqual(names.sort());
});

describe('Dockerfile', () => {
  const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('is built on a pinned Node image with glibc', () => {
    const images = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1] ?? '');
    expect(images.length).toBeGreaterThan(0);
    expect(images.filter((image) => !/^node:\d+-bookworm-slim$/.test(image))).toEqual([]);
  });

  it('does not run as root', () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last).toContain('USER node');
  });

  it('builds what `npm run build` builds, without fetching a server', () => {
    const steps = (scripts['build'] ?? '').split(' && ').slice(1);
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.filter((step) => !dockerfile.includes(step))).toEqual([]);
  });

  it('copies only what is there, and the ignore file lets it in', () => {
    const ignored = readRepoFile('.dockerignore').split('\n');
    expect(
      [...PRODUCT_FOLDERS, ...DASHBOARD_SOURCES, 'dev', 'package.json', 'package-lock.json', '.npmrc'].filter(
        (name) => !ignored.includes(`!${name}`),
      ),
    ).toEqual([]);
  });
});
