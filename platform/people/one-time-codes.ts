import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** RFC 6238 as every authenticator app has it. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 };
/** Clocks differ, and people type slowly: the code of one step before, or after, is right too. */
const SKEW_STEPS = 1;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;
/** 80 bits: a fast hash of it gives nothing away. */
const RECOVERY_CODE_BYTES = 10;
const RECOVERY_CODES = 10;
const ONE_TIME_CODE = /^\d{6}$/;

/** A secret for an authenticator app, in base32. */
export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The otpauth:// address of a secret, for a QR code. */
export function addressOfSecret(secret: string, account: string): string {
  return totpOf(secret, account).toString();
}

/** Whether a text is meant as a code of an app; else it is a recovery code. */
export function isOneTimeCode(text: string): boolean {
  return ONE_TIME_CODE.test(inOnePiece(text));
}

/** Of which step a code is, counted from 1970; null when it is none of now. */
export function stepOfCode(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const delta = totpOf(secret).validate({ token: inOnePiece(code), timestamp, window: SKEW_STEPS });
  return delta === null ? null : Math.floor(timestamp / 1_000 / PARAMETERS.period) + delta;
}

/** Ten, in groups of four letters and digits. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    new Secret({ size: RECOVERY_CODE_BYTES }).base32.toLowerCase().replace(/.{4}(?=.)/g, '$&-'),
  );
}

/** What is kept of a recovery code. How it is grouped, and large letters, make no difference. */
export function hashOfRecoveryCode(code: string): Buffer {
  return createHash('sha256').update(inOnePiece(code).toLowerCase()).digest();
}

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ ...PARAMETERS, issuer: 'Dialwright', label, secret: Secret.fromBase32(secret) });
}

function inOnePiece(code: string): string {
  return code.replace(/[\s-]/g, '');
}
