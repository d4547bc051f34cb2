import { describeProvider } from './provider-conformance.js';
import { startSimulatedPlatform } from './simulated-platform.js';
import { WIRES } from './wires.js';

describeProvider('simulator', () => startSimulatedPlatform(WIRES.simulator), {
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
});
