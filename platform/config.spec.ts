import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { readConfig } from './config.js';
import { SettingError } from './settings.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const REQUIRED = { DATABASE_URL: 'postgresql://127.0.0.1/dialwright', DIALWRIGHT_ENCRYPTION_KEY: KEY };

describe('the public address', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['https://calls.example.com', 'https://calls.example.com'],
    ['https://calls.example.com/', 'https://calls.example.com'],
    ['https://example.com/dialwright//', 'https://example.com/dialwright'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ])('%j is read as %j', (text, expected) => {
    expect(readConfig({ ...REQUIRED, DIALWRIGHT_PUBLIC_URL: text }).publicUrl).toBe(expected);
  });

  it.each([
    'calls.example.com',
    'localhost:3000',
    'ftp://calls.example.com',
    'https://me:secret@calls.example.com',
    'https://calls.example.com/?a=1',
    'https://calls.example.com/#a',
  ])('%j is refused', (text) => {
    const read = () => readConfig({ ...REQUIRED, DIALWRIGHT_PUBLIC_URL: text });
    expect(read).toThrow(SettingError);
    expect(read).toThrow(/^DIALWRIGHT_PUBLIC_URL must be/);
  });
});

describe('the identity provider', () => {
  const OIDC = {
    DIALWRIGHT_PUBLIC_URL: 'https://calls.example.com',
    DIALWRIGHT_OIDC_ISSUER: 'https://login.example.com/tenant/',
    DIALWRIGHT_OIDC_CLIENT_ID: 'dialwright',
    DIALWRIGHT_OIDC_CLIENT_SECRET: 'a secret of the client',
  };
  const grant = { group: 'sales', workspace: `ws_${'0'.repeat(32)}`, role: 'admin' };
  const read = (more: Record<string, string | undefined>) => readConfig({ ...REQUIRED, ...OIDC, ...more });

  it('is read, and its secret is in nothing that is made of the configuration', () => {
    expect(readConfig({ ...REQUIRED, DIALWRIGHT_OIDC_ISSUER: '' }).oidc).toBeNull();
    const config = read({ DIALWRIGHT_OIDC_GROUPS: JSON.stringify([grant]) });
    expect(config.oidc).toMatchObject({
      issuer: 'https://login.example.com/tenant/',
      callbackUrl: 'https://calls.example.com/v1/session/oidc/callback',
      groupsClaim: 'groups',
      grants: [grant],
    });
    expect(JSON.stringify(config) + inspect(config, { depth: 10, showHidden: true })).not.toContain('a secret');
    const local = { DIALWRIGHT_OIDC_ISSUER: 'http://127.0.0.1:4000', DIALWRIGHT_PUBLIC_URL: 'http://localhost:3000' };
    expect(read(local).oidc?.issuer).toBe('http://127.0.0.1:4000');
  });

  it.each([
    ['DIALWRIGHT_OIDC_ISSUER', ''],
    ['DIALWRIGHT_OIDC_ISSUER', 'login.example.com'],
    ['DIALWRIGHT_OIDC_ISSUER', 'http://login.example.com'],
    ['DIALWRIGHT_OIDC_ISSUER', 'http://127.0.0.1.evil.example'],
    ['DIALWRIGHT_OIDC_ISSUER', 'https://login.example.com/?a=1'],
    ['DIALWRIGHT_OIDC_CLIENT_ID', undefined],
    ['DIALWRIGHT_OIDC_CLIENT_ID', 'x'.repeat(501)],
    ['DIALWRIGHT_OIDC_CLIENT_SECRET', undefined],
    ['DIALWRIGHT_PUBLIC_URL', undefined],
    ['DIALWRIGHT_PUBLIC_URL', 'http://calls.example.com'],
    ['DIALWRIGHT_OIDC_GROUPS_CLAIM', 'x'.repeat(501)],
    ['DIALWRIGHT_OIDC_GROUPS', 'sales'],
    ['DIALWRIGHT_OIDC_GROUPS', JSON.stringify({ sales: 'admin' })],
    ['DIALWRIGHT_OIDC_GROUPS', JSON.stringify([{ ...grant, workspace: 'sales' }])],
    ['DIALWRIGHT_OIDC_GROUPS', JSON.stringify([{ ...grant, role: 'owner' }])],
    ['DIALWRIGHT_OIDC_GROUPS', JSON.stringify([{ ...grant, more: 1 }])],
    ['DIALWRIGHT_OIDC_GROUPS', JSON.stringify(Array(501).fill(grant))],
  ])('%s=%s is refused', (name, text) => {
    expect(() => read({ [name]: text })).toThrow(SettingError);
    expect(() => read({ [name]: text })).toThrow(name);
  });
});

describe('the mailer', () => {
  const MAIL = {
    DIALWRIGHT_SMTP_URL: 'smtps://me:hunter2%40@mail.example.com',
    DIALWRIGHT_MAIL_FROM: 'Dialwright <calls@example.com>',
    DIALWRIGHT_PUBLIC_URL: 'https://calls.example.com',
  };

  it('is there with both variables and a public address; its password is in nothing that is made of the configuration', () => {
    expect(readConfig(REQUIRED).mailer).toBeNull();
    const config = readConfig({ ...REQUIRED, ...MAIL });
    expect(config.mailer).not.toBeNull();
    expect(inspect(config, { depth: 10, showHidden: true })).not.toContain('hunter2');
    expect(readConfig({ ...REQUIRED, ...MAIL, DIALWRIGHT_MAIL_FROM: 'calls@example.com' }).mailer).not.toBeNull();
  });

  it.each([
    ['DIALWRIGHT_SMTP_URL', undefined],
    ['DIALWRIGHT_MAIL_FROM', undefined],
    ['DIALWRIGHT_PUBLIC_URL', undefined],
    ['DIALWRIGHT_MAIL_FROM', 'nobody'],
    ['DIALWRIGHT_MAIL_FROM', 'A <a@example.com>, B <b@example.com>'],
    ['DIALWRIGHT_MAIL_FROM', 'A\r\nBcc: x <a@example.com>'],
    ['DIALWRIGHT_SMTP_URL', 'https://me:hunter2@mail.example.com'],
    ['DIALWRIGHT_SMTP_URL', 'smtp://me:hunter2@mail.example.com/x'],
    ['DIALWRIGHT_SMTP_URL', 'smtp://hunter2@mail.example.com'],
    ['DIALWRIGHT_SMTP_URL', 'smtp://me:hunter2%@mail.example.com'],
  ])('is not made with %s=%s', (name, text) => {
    const read = () => readConfig({ ...REQUIRED, ...MAIL, [name]: text });
    expect(read).toThrow(SettingError);
    expect(read).toThrow(name);
    expect(read).not.toThrow('hunter2');
  });
});

describe('the encryption key', () => {
  it('is required, in production and elsewhere', () => {
    for (const NODE_ENV of ['production', undefined])
      expect(() => readConfig({ ...REQUIRED, NODE_ENV, DIALWRIGHT_ENCRYPTION_KEY: undefined })).toThrow(SettingError);
  });

  it('is in nothing that is made of the configuration', () => {
    const config = readConfig({
      ...REQUIRED,
      DIALWRIGHT_ENCRYPTION_KEY_PREVIOUS: Buffer.alloc(32, 8).toString('base64'),
    });
    for (const text of [JSON.stringify(config), inspect(config, { depth: 10, showHidden: true })])
      expect(text).not.toMatch(/[A-Za-z0-9+/]{43}=/);
  });
});
