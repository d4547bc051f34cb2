import { SIGNATURE_HEADER } from '../../telephony/retell/wire.js';
import { describeProvider } from './provider-conformance.js';
import { API_KEY, startSimulatedPlatform } from './simulated-platform.js';

describeProvider(
  'retell, by its official SDK against its wire as the simulated carrier speaks it',
  () =>
    startSimulatedPlatform({
      kind: 'retell',
      createPath: '/v2/create-phone-call',
      referenceIn: (body) => (body as { metadata: Record<string, string> }).metadata['dialwright_attempt_id'] ?? '',
      refusal: { status: 'error', message: 'refused' },
      signatureHeader: SIGNATURE_HEADER,
      secret: API_KEY,
    }),
  {
    refusals: {
      400: 'invalid-request',
      401: 'permission',
      402: 'payment',
      403: 'permission',
      404: 'agent',
      422: 'agent',
      429: 'capacity',
    },
    unknownStatuses: [302, 408, 409, 418, 500, 502, 503],
  },
);
