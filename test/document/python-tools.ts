import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Programs of others that read the document. Pinned: what they find must not change with the day. */
const PACKAGES = ['schemathesis==4.32.5', 'openapi-python-client==0.29.1'];
const dir = path.resolve('.cache', 'document-tools');

/** @returns where a program of the packages is; installs them on the first call */
export function pythonTool(name: 'schemathesis' | 'openapi-python-client' | 'python'): string {
  const program = path.join(dir, 'bin', name);
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', dir], { stdio: 'inherit' });
    execFileSync(path.join(dir, 'bin', 'pip'), ['install', '--quiet', ...PACKAGES], { stdio: 'inherit' });
  }
  return program;
}
