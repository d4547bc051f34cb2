import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { projectRoot } from '../../../dev/processes.js';

const PACKAGE = '@sparticuz/chromium';
const UNPACK_TIMEOUT_MS = 120_000;

/** How a browser ends that broke, and was not stopped: seen once in some thousand starts of this Chromium. */
const BROKE = /signal=SIG(SEGV|BUS|ILL|TRAP|ABRT)\b/;

type Executable = { executablePath: string; env?: Record<string, string> };

/** A real Chromium without a window. One that breaks while it starts is started once more. */
export async function launchBrowser(executable: Executable = browserToUse()): Promise<Browser> {
  // The arguments that the package recommends are for another place: they switch off what keeps pages apart.
  const args = ['--font-render-hinting=none', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  try {
    return await chromium.launch({ ...executable, args });
  } catch (err) {
    if (!(err instanceof Error && BROKE.test(err.message))) throw err;
    return chromium.launch({ ...executable, args });
  }
}

/** The browser of `CHROME_PATH`, else the one that comes as an npm package, unpacked once. */
export function browserToUse(): Executable {
  const own = process.env['CHROME_PATH'];
  if (own) return { executablePath: own };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'The Chromium that comes with the project is for Linux x64. Set CHROME_PATH to a Chrome or Chromium.',
    );
  const dir = unpacked();
  return { executablePath: path.join(dir, 'chromium'), env: environmentOf(dir) };
}

/** The folder is made beside its place and then moved there, so that no other run finds half of it. */
function unpacked(): string {
  const entry = createRequire(import.meta.url).resolve(PACKAGE);
  const root = entry.slice(0, entry.lastIndexOf(`${path.sep}build${path.sep}`));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const dir = path.join(projectRoot, '.cache', `chromium-${version}`);
  if (existsSync(path.join(dir, 'chromium'))) return dir;
  mkdirSync(path.dirname(dir), { recursive: true });
  const beside = mkdtempSync(`${dir}.`);
  const unpack = `import chromium from ${JSON.stringify(pathToFileURL(entry).href)}; await chromium.executablePath();`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', unpack], {
    // It unpacks its libraries, too, only where it believes itself in the place that it was made for.
    env: { ...process.env, TMPDIR: beside, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: UNPACK_TIMEOUT_MS,
  });
  const [fonts, cache] = [path.join(dir, 'fonts'), path.join(dir, 'fonts-cache')];
  const config = `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`;
  writeFileSync(path.join(beside, 'fonts.conf'), config);
  try {
    renameSync(beside, dir);
  } catch (err) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(path.join(dir, 'chromium'))) throw err; // else another run was faster
  }
  return dir;
}

function environmentOf(dir: string): Record<string, string> {
  const given = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const libraries = [path.join(dir, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: path.join(dir, 'fonts.conf') };
  return { ...Object.fromEntries(given), LD_LIBRARY_PATH: libraries, ...fonts };
}
