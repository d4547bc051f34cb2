import * as retell from '../../telephony/retell/wire.js';
import * as simulator from '../../telephony/simulator/wire.js';
import { API_KEY, WEBHOOK_SECRET, type Wire } from './simulated-platform.js';

/** The wires that the simulated carrier speaks. */
export const WIRES: Record<Wire['kind'], Wire> = {
  simulator: {
    kind: 'simulator',
    createPath: '/v1/calls',
    referenceIn: (body) => (body as { reference: string }).reference,
    refusal: { error: 'refused' },
    signatureHeader: simulator.SIGNATURE_HEADER,
    secret: WEBHOOK_SECRET,
    contradict: ({ event, call }) => ({
      event,
      call: {
        ...call,
        end_reason: 'dial_busy',
        analysis: opposite(call['analysis'], 'successful'),
      },
    }),
  },
  retell: {
    kind: 'retell',
    createPath: '/v2/create-phone-call',
    referenceIn: (body) => (body as { metadata: Record<string, string> }).metadata['dialwright_attempt_id'] ?? '',
    refusal: { status: 'error', message: 'refused' },
    signatureHeader: retell.SIGNATURE_HEADER,
    secret: API_KEY,
    contradict: ({ event, call }) => ({
      event,
      call: {
        ...call,
        call_status: 'not_connected',
        disconnection_reason: 'dial_busy',
        call_analysis: opposite(call['call_analysis'], 'call_successful'),
      },
    }),
  },
};

/** An analysis with the opposite verdict, where there is one. */
function opposite(analysis: unknown, verdict: string): unknown {
  const told = analysis as Record<string, unknown> | undefined; // as the wire has it
  return told && { ...told, [verdict]: !told[verdict] };
}
