import { z } from 'zod';
import { NO_RESULT, type CallResult } from '../../domain/calls/call-result.js';
import { readTranscript } from '../read-transcript.js';

const detailsSchema = z.object({ transcript: z.string().catch(''), summary: z.string().nullable().catch(null) });

/** What `endedFact` and `analyzedFact` have kept of a call, in our form. */
export function readResult(details: Readonly<Record<string, unknown>>): CallResult {
  const { transcript, summary } = detailsSchema.parse({ transcript: '', summary: null, ...details });
  return { ...NO_RESULT, transcript: readTranscript(transcript, { Agent: 'agent', Person: 'recipient' }), summary };
}
