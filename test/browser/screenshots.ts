import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from '../../dev/processes.js';
import { makeBatch } from './support/batches.js';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage } from './support/watched-page.js';

/** `npm run screenshots`: every page in both schemes, wide and narrow, into docs/dashboard/. */
const DIR = path.join(projectRoot, 'docs', 'dashboard');
const WIDTHS = [1280, 360];
const SCHEMES = ['light', 'dark'] as const;
const SETTINGS = ['workspace', 'numbers', 'agents', 'providers', 'people', 'keys', 'audit', 'account'];

type Shot = { name: string; at: string; isReady: (page: Page) => Promise<void> };

mkdirSync(DIR, { recursive: true });
const dashboard = await startDashboard({ carrier: { speed: 10 } });
try {
  const shots = await prepare(dashboard);
  for (const scheme of SCHEMES) for (const width of WIDTHS) await take(dashboard, shots, { scheme, width });
} finally {
  await dashboard.stop();
}

async function prepare({ dialwright, stack }: DashboardStack): Promise<Shot[]> {
  await makeBatch(dialwright, stack, { name: 'Spring offer', people: 3, submit: false });
  await makeBatch(dialwright, stack, { name: 'تذكير المواعيد', people: 12 });
  const batch = await makeBatch(dialwright, stack, { name: 'Appointment reminders', people: 400 });
  const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, level: 1 }).waitFor();
  return [
    { name: 'batches', at: '/batches', isReady: (page) => page.getByText('Spring offer').waitFor() },
    { name: 'draft', at: '/batches/new', isReady: (page) => page.getByLabel('Batch Call Name').waitFor() },
    {
      name: 'batch',
      at: `/batches/${batch.id}`,
      isReady: (page) => page.getByRole('heading', { name: 'Outcomes' }).waitFor(),
    },
    {
      name: 'recipients',
      at: `/batches/${batch.id}?tab=recipients`,
      isReady: (page) => page.getByRole('table', { name: 'Recipients' }).waitFor(),
    },
    { name: 'live', at: '/live', isReady: heading('Live') },
    { name: 'calls', at: '/calls', isReady: heading('Calls') },
    { name: 'do-not-call', at: '/do-not-call', isReady: heading('Do not call') },
    ...SETTINGS.map((name) => ({ name: `settings-${name}`, at: `/settings/${name}`, isReady: heading('Settings') })),
  ];
}

type Look = { scheme: (typeof SCHEMES)[number]; width: number };

async function take({ browser, stack, signIn }: DashboardStack, shots: Shot[], { scheme, width }: Look): Promise<void> {
  const { page, context, faults } = await openPage(browser, { url: stack.apiUrl, scheme, width });
  const save = (name: string) => page.screenshot({ path: path.join(DIR, `${name}-${scheme}-${width}.png`) });
  await page.goto('/');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await save('sign-in');
  await signIn(page);
  for (const { name, at, isReady } of shots) {
    await page.goto(at);
    await isReady(page);
    for (const loading of await page.getByLabel('Loading').all()) await loading.waitFor({ state: 'detached' });
    await save(name);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  await context.close();
}
