import { z } from 'zod';
import type { CallResult, Turn } from '../../domain/calls/call-result.js';
import { readTranscript } from '../read-transcript.js';

const SPEAKERS: Record<string, Turn['speaker']> = { Agent: 'agent', User: 'recipient', 'Transfer Target': 'other' };

/** Each by itself: one that Retell writes otherwise takes none of the others away. */
const text = z.string().nullable().catch(null);
const detailsSchema = z.object({
  transcript: z.string().catch(''),
  recording_url: text.default(null),
  summary: text.default(null),
  in_voicemail: z.boolean().nullable().catch(null).default(null),
  user_sentiment: z.unknown().optional(),
  custom_analysis_data: z.record(z.string(), z.unknown()).catch({}),
  // In cents of the US dollar: https://docs.retellai.com/api-references/get-call
  call_cost: z.object({ combined_cost: z.number() }).nullable().catch(null).default(null),
});

/** What `endedFact` and `analyzedFact` have kept of a call, in our form. */
export function readResult(details: Readonly<Record<string, unknown>>): CallResult {
  const told = detailsSchema.parse(details);
  const { in_voicemail: inVoicemail, user_sentiment: sentiment, call_cost: cost } = told;
  return {
    answeredBy: inVoicemail === null ? null : inVoicemail ? 'machine' : 'human',
    recordingUrl: told.recording_url,
    transcript: readTranscript(told.transcript, SPEAKERS),
    summary: told.summary,
    analysis: { ...(sentiment !== undefined && { user_sentiment: sentiment }), ...told.custom_analysis_data },
    cost: cost && { amount: cost.combined_cost / 100, currency: 'USD' },
  };
}
