import type { TestAnswer } from './provider.js';
import type { SendAnswer } from './send-request.js';

/** Answers that say that the credentials are none, or may not do this. */
const REFUSED = [401, 403];

/** What an answer says of the credentials that were sent, where the provider does not say whose they are. Only 200 takes them. */
export function readTestAnswer(answer: SendAnswer): TestAnswer {
  if (answer.is !== 'answered') return { is: 'no-answer', why: answer.why };
  if (answer.status === 200) return { is: 'taken', owner: null };
  return { is: REFUSED.includes(answer.status) ? 'refused' : 'no-answer', why: `answered ${answer.status}` };
}
