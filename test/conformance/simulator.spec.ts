import { SIGNATURE_HEADER } from '../../telephony/simulator/wire.js';
import { describeProvider } from './provider-conformance.js';
import { startSimulatedPlatform, WEBHOOK_SECRET } from './simulated-platform.js';

describeProvider(
  'simulator',
  () =>
    startSimulatedPlatform({
      kind: 'simulator',
      createPath: '/v1/calls',
      referenceIn: (body) => (body as { reference: string }).reference,
      refusal: { error: 'refused' },
      signatureHeader: SIGNATURE_HEADER,
      secret: WEBHOOK_SECRET,
    }),
  {
    refusals: {
      400: 'invalid-request',
      401: 'permission',
      402: 'payment',
      403: 'permission',
      404: 'agent',
      422: 'invalid-number',
      429: 'capacity',
    },
    unknownStatuses: [302, 408, 409, 418, 500, 502, 503],
  },
);
