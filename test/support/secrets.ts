import { createSecretBox } from '../../platform/secret-box.js';

export const TEST_ENCRYPTION_KEY = Buffer.alloc(32, 'test').toString('base64');

/** Seals and opens what the tests' accounts hold. */
export const testSecrets = createSecretBox({ key: TEST_ENCRYPTION_KEY, previousKey: undefined });
