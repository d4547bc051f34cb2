import { z } from 'zod';
import { NO_RESULT, type CallResult } from '../../domain/calls/call-result.js';
import { readTranscript } from '../read-transcript.js';

const text = z.string().nullable().catch(null);
const detailsSchema = z.object({ transcript: z.string().catch(''), summary: text, recording_url: text });

/** What `endedFact` and `analyzedFact` have kept of a call, in our form. */
export function readResult(details: Readonly<Record<string, unknown>>): CallResult {
  const bare = { transcript: '', summary: null, recording_url: null };
  const { transcript, summary, recording_url: recordingUrl } = detailsSchema.parse({ ...bare, ...details });
  const turns = readTranscript(transcript, { Agent: 'agent', Person: 'recipient' });
  return { ...NO_RESULT, transcript: turns, summary, recordingUrl };
}
