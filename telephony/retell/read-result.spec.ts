import { NO_RESULT } from '../../domain/calls/call-result.js';
import { callObjectSchema } from './wire.js';
import { factsOfCall } from './read-facts.js';
import { readResult } from './read-result.js';

const CALL = {
  call_id: 'call_1',
  call_status: 'ended',
  start_timestamp: 1_764_000_000_000,
  end_timestamp: 1_764_000_060_000,
  duration_ms: 60_000,
  disconnection_reason: 'user_hangup',
  transcript: 'Agent: Hello, Ada?\nUser: Speaking.\nTransfer Target: This is Bea.\n',
  recording_url: 'https://recordings.test/1.wav',
  call_cost: { combined_cost: 12.5, product_costs: [] },
  call_analysis: {
    call_successful: true,
    call_summary: 'Ada will come.',
    in_voicemail: false,
    user_sentiment: 'Positive',
    custom_analysis_data: { will_come: true },
  },
};
/** As the API merges what the facts of a call have kept. */
const resultOf = (call: object) =>
  readResult(Object.assign({}, ...factsOfCall(callObjectSchema.parse(call), Date.now()).map(({ details }) => details)));

it('a call of Retell in our form', () => {
  expect(resultOf(CALL)).toEqual({
    answeredBy: 'human',
    recordingUrl: 'https://recordings.test/1.wav',
    transcript: [
      { speaker: 'agent', text: 'Hello, Ada?' },
      { speaker: 'recipient', text: 'Speaking.' },
      { speaker: 'other', text: 'This is Bea.' },
    ],
    summary: 'Ada will come.',
    analysis: { user_sentiment: 'Positive', will_come: true },
    cost: { amount: 0.125, currency: 'USD' },
  });
});

it('says that a machine answered', () => {
  expect(resultOf({ ...CALL, call_analysis: { in_voicemail: true } }).answeredBy).toBe('machine');
});

it('tells nothing that it was not told, and what it cannot read takes nothing else away', () => {
  expect(readResult({})).toEqual(NO_RESULT);
  const odd = { transcript: [], recording_url: 7, in_voicemail: 'yes', custom_analysis_data: 'none', call_cost: 12 };
  expect(readResult({ ...odd, summary: 'Ada will come.' })).toEqual({ ...NO_RESULT, summary: 'Ada will come.' });
});
