import { credentialsForm } from '../../api/actions/check-credentials.js';

/** Those of the accounts that tests seed. */
export const CREDENTIALS = { apiKey: 'carrier-key', webhookSecret: 'carrier-secret' };
export const SIMULATOR_FORM = credentialsForm('simulator');
