import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { browserToUse, launchBrowser } from './support/launch-browser.js';

/** A browser that ends with this exit, or by this signal, at its first starts, and then is the real one. */
function breakingBrowser(breaks: number, how: string) {
  const real = browserToUse();
  const dir = mkdtempSync(path.join(tmpdir(), 'browser-'));
  const [script, starts] = [path.join(dir, 'browser'), path.join(dir, 'starts')];
  const lines = [
    '#!/bin/sh',
    `echo started >> '${starts}'`,
    `[ "$(wc -l < '${starts}')" -gt ${breaks} ] && exec '${real.executablePath}' "$@"`,
    how,
  ];
  writeFileSync(script, `${lines.join('\n')}\n`, { mode: 0o755 });
  return {
    executable: { ...real, executablePath: script },
    countStarts: () => readFileSync(starts, 'utf8').trim().split('\n').length,
  };
}

describe('the browser of the checks', () => {
  it('is started once more when it breaks while it starts', async () => {
    const breaking = breakingBrowser(1, 'kill -SEGV $$');
    const browser = await launchBrowser(breaking.executable);
    expect(browser.isConnected()).toBe(true);
    await browser.close();
    expect(breaking.countStarts()).toBe(2);
  });

  it('is given up when it breaks again', async () => {
    const breaking = breakingBrowser(2, 'kill -SEGV $$');
    await expect(launchBrowser(breaking.executable)).rejects.toThrow('SIGSEGV');
    expect(breaking.countStarts()).toBe(2);
  });

  it('is given up at once when it ends by itself', async () => {
    const breaking = breakingBrowser(1, 'exit 3');
    await expect(launchBrowser(breaking.executable)).rejects.toThrow('exitCode=3');
    expect(breaking.countStarts()).toBe(1);
  });
});
