import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findTemporalProgram, isFittingCliVersion } from './temporal-bin.js';

describe('isFittingCliVersion', () => {
  it.each([
    ['temporal version 1.4.0 (Server 1.28.0, UI 2.39.0)', true],
    ['temporal version 1.9.1 (Server 1.32.0, UI 2.45.0)', true],
    ['temporal version 1.10.0 (Server 1.33.0)', true],
    ['temporal version 1.5.0+brew (Server 1.29.0)', true],
    ['A notice first\ntemporal version 1.6.2 (Server 1.30.0)', true],
    ['temporal version 1.3.9 (Server 1.27.0, UI 2.36.0)', false],
    ['temporal version 0.13.2 (Server 1.24.1)', false],
    ['temporal version 2.0.0 (Server 2.0.0)', false],
    ['temporal version 1.5.0-rc.1 (Server 1.29.0)', false],
    ['temporal version DEV', false],
    ['another program 1.9.1', false],
    ['', false],
  ])('%j: %s', (output, isFitting) => {
    expect(isFittingCliVersion(output)).toBe(isFitting);
  });
});

describe('findTemporalProgram', () => {
  const original = { ...process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'temporal bin ')); // the space is part of the test
    delete process.env['TEMPORAL_CLI'];
  });

  afterEach(() => {
    process.env['PATH'] = original['PATH'];
    process.env['TEMPORAL_CLI'] = original['TEMPORAL_CLI'];
    rmSync(folder, { recursive: true, force: true });
  });

  function fakeProgram(dir: string, version: string): string {
    const file = path.join(folder, dir, 'temporal');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "temporal version ${version} (Server 1.30.0)"\n`, { mode: 0o755 });
    return file;
  }

  function putFirstOnPath(...dirs: string[]): void {
    const own = dirs.map((dir) => path.join(folder, dir));
    process.env['PATH'] = [...own, original['PATH']].join(path.delimiter);
  }

  it('prefers the program that the environment names', () => {
    const named = fakeProgram('named', '1.2.0');
    fakeProgram('path', '1.9.0');
    putFirstOnPath('path');
    process.env['TEMPORAL_CLI'] = named;

    expect(findTemporalProgram('cli')).toEqual({ path: named, from: 'TEMPORAL_CLI' });
  });

  it('says so when the program that the environment names does not run', () => {
    process.env['TEMPORAL_CLI'] = path.join(folder, 'missing');

    expect(() => findTemporalProgram('cli')).toThrow(/TEMPORAL_CLI=.*missing does not run/);
  });

  it('takes the first program on PATH whose version fits', () => {
    fakeProgram('old', '1.1.0');
    const fitting = fakeProgram('fitting', '1.9.0');
    putFirstOnPath('old', 'fitting');

    expect(findTemporalProgram('cli')).toEqual({ path: fitting, from: 'PATH' });
  });
});
