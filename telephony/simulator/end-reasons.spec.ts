import { outcomeOfEndReason } from './end-reasons.js';

it.each(['struck_by_lightning', 'toString', '', undefined])(
  'takes an end that it does not know for an error of the provider: %j',
  (reason) => expect(outcomeOfEndReason(reason)).toBe('PROVIDER_ERROR'),
);
