import path from 'node:path';
import vm from 'node:vm';
import { build, type Plugin } from 'esbuild';
import { repoFiles, ROOT } from './repo-files.js';

const ENTRY_POINTS = repoFiles().filter((file) => /^domain\/.+\.ts$/.test(file) && !file.endsWith('.spec.ts'));
/** A fresh context has the language alone. A library looks whether there are timers; a browser has them. */
const BROWSER = 'globalThis.setTimeout = () => 0';

/** Names what would need Node, and fails the bundle. */
const noNode: Plugin = {
  name: 'no-node',
  setup(bundler) {
    bundler.onResolve({ filter: /^node:/ }, ({ path: name, importer }) => ({
      errors: [{ text: `${path.relative(ROOT, importer)} imports ${name}` }],
    }));
  },
};

async function bundle(files: readonly string[]): Promise<string> {
  const contents = files.map((file) => `export * as ${exportName(file)} from './${file.replace(/\.ts$/, '.js')}';`);
  const { outputFiles } = await build({
    stdin: { contents: contents.join('\n'), resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'rules',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [noNode],
  });
  return outputFiles[0]?.text ?? '';
}

function exportName(file: string): string {
  return file.replace(/^domain\/|\.ts$/g, '').replace(/[-/](\w)/g, (_, letter: string) => letter.toUpperCase());
}

describe('the rules in domain/', () => {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the names of the files make the bundle's shape
  let rules: any;
  let context: vm.Context;
  beforeAll(async () => {
    context = vm.createContext({});
    vm.runInContext(BROWSER, context);
    vm.runInContext(await bundle(ENTRY_POINTS), context);
    rules = vm.runInContext('rules', context);
  });

  it('make one bundle for a browser, with nothing of Node in it and nothing of Node around it', () => {
    expect(ENTRY_POINTS.length).toBeGreaterThan(20);
    expect(Object.keys(rules)).toHaveLength(ENTRY_POINTS.length);
    expect(vm.runInContext('typeof process + typeof Buffer + typeof require + typeof global', context)).toBe(
      'undefined'.repeat(4),
    );
  });

  it('decide there as they do here, also while somebody types into a rejected row', async () => {
    const here = await import('../../domain/imports/rejected-row.js');
    const row = {
      headers: ['phone_number', 'metadata', 'a'],
      cells: { phone_number: '12a', metadata: '[1]', a: '=1' },
    };
    for (const values of [{}, { metadata: '{"x":1}' }, { metadata: '', phone_number: '(202) 555-0123' }]) {
      const there = rules.importsRejectedRow.mendRow(row, values, { hoursIn: 'batch', defaultCountry: 'US' });
      const expected = here.mendRow(row, values, { hoursIn: 'batch', defaultCountry: 'US' });
      expect(JSON.stringify(there)).toBe(JSON.stringify(expected));
    }
    expect(rules.recipientsPhone.checkPhone('+4402079460123', { skipPhoneCheck: false })).toMatchObject({
      ok: true,
      phone: '+442079460123',
    });
    expect(rules.hoursTimeZone.readTimeZone('europe/madrid')).toEqual({ ok: true, timeZone: 'Europe/Madrid' });
  });

  it('read a file, its columns and a fix of its rows there as they do here, for a preview', async () => {
    const text = 'March\nId;Contact;Notes\n1;+12025550111;x\n2;"+12025550112";"é;"\n3;12a;y\n';
    const options = { isWhole: true, rowBytesMax: 65_536, headerRow: 2, choice: { Notes: 'ignored' } };
    const columns = { hoursIn: 'batch', choice: options.choice, guess: { headerRow: 2 } };
    const row = { cells: { Contact: '612345678' }, problems: [{ field: 'phoneNumber', code: 'phone_invalid' }] };
    const fix = { code: 'phone_invalid', action: 'country', country: 'ES', cell: null };
    const shape = rules.importsCsvCsvShape.shapeOf(text, options);
    expect(shape).toMatchObject({ delimiter: ';', headers: ['Id', 'Contact', 'Notes'] });
    const there = [
      shape,
      rules.importsCsvHeaders.readHeaders(shape.headers, { ...columns, firstRows: shape.firstRows }),
    ];
    const { shapeOf } = await import('../../domain/imports/csv/csv-shape.js');
    const { readHeaders } = await import('../../domain/imports/csv-headers.js');
    const { createFixer } = await import('../../domain/imports/fix-row.js');
    const here = shapeOf(text, options as never);
    const expected = [here, readHeaders(here.headers, { ...columns, firstRows: here.firstRows } as never)];
    expect(JSON.stringify(there)).toBe(JSON.stringify(expected));
    const kept = { headers: ['Contact'], choice: { Contact: 'phoneNumber' }, options: { hoursIn: 'batch' } };
    const fixed = rules.importsFixRow.createFixer(kept, fix)({ ...row, reading: null });
    expect(fixed).toMatchObject({ checked: { ok: true, recipient: { phone: '+34612345678' } } });
    expect(JSON.stringify(fixed)).toBe(
      JSON.stringify(createFixer(kept as never, fix as never)({ ...row, reading: null } as never)),
    );
  });

  it('would fail the test if one of them needed Node', async () => {
    const wrong = build({
      stdin: { contents: `import 'node:fs';`, resolveDir: ROOT },
      bundle: true,
      write: false,
      platform: 'browser',
      logLevel: 'silent',
      plugins: [noNode],
    });
    await expect(wrong).rejects.toThrow('imports node:fs');
  });
});
