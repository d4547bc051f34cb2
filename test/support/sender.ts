import { readNamedPlaces, type EgressPolicy } from '../../platform/egress.js';
import { createSender } from '../../telephony/send-request.js';

/** The carriers of tests listen on this machine. */
export const testEgress: EgressPolicy = {
  named: readNamedPlaces('127.0.0.0/8'),
  proxyUrl: null,
  allowSimulator: true,
};
export const testSender = createSender(testEgress);
