import type { Stack } from '../stack.js';
import { DEMO_ADMIN } from './demo-admin.js';

type Started = Pick<Stack, 'apiUrl' | 'apiKey' | 'temporalUiUrl' | 'carrierUrl' | 'fromNumberId'>;

/** What `npm start` prints once everything runs. */
export function startText(stack: Started, demoLink: string): string {
  const { apiUrl, apiKey, temporalUiUrl, carrierUrl, fromNumberId } = stack;
  const body = {
    name: 'Hello',
    fromNumberId,
    timeZone: 'UTC',
    window: Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
        day,
        [['00:00', '24:00']],
      ]),
    ),
    recipients: [{ phoneNumber: '+12025550123', name: 'Ada', variables: { language: 'en' } }],
    submit: true,
  };
  return `
Dialwright is running. Nobody is really called: the carrier is simulated.

  Dashboard       ${apiUrl}
  Sign-in link    ${demoLink}
                  good once and for a day, for ${DEMO_ADMIN}
  API docs        ${apiUrl}/docs
  Temporal's UI   ${temporalUiUrl ?? 'wherever your Temporal server has it'}
  Carrier ledger  ${carrierUrl}/control/ledger
  Demo key        ${apiKey}

Create a batch of one:

  curl -sS ${apiUrl}/v1/batches -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'

Stop with Ctrl-C. Data stays in .data/start.
`;
}
