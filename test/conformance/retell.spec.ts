import { describeProvider } from './provider-conformance.js';
import { startSimulatedPlatform } from './simulated-platform.js';
import { WIRES } from './wires.js';

describeProvider(
  'retell, by its official SDK against its wire as the simulated carrier speaks it',
  () => startSimulatedPlatform(WIRES.retell),
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
