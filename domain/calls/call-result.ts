import { z } from 'zod';

/** One turn of a conversation. `other` is whoever else speaks, for instance the one to whom a call was transferred. */
const turnSchema = z.object({
  speaker: z.enum(['agent', 'recipient', 'other']),
  text: z.string(),
});

/**
 * What a provider tells of a call that took place, in one form for all providers. Null, or empty, is what it did not tell.
 * When the call was answered, when and how it ended and whether it succeeded are told apart: they decide what follows.
 */
export const callResultSchema = z.object({
  answeredBy: z.enum(['human', 'machine']).nullable().meta({ description: 'Null when the provider does not say' }),
  recordingUrl: z
    .string()
    .nullable()
    .meta({ description: 'At the provider; it may expire. `GET /v1/calls/{callId}/recording` fetches it' }),
  transcript: z.array(turnSchema).meta({ description: 'In the order in which it was said' }),
  summary: z.string().nullable(),
  analysis: z.record(z.string(), z.unknown()).meta({
    description: "What else the provider's analysis found, by its own names",
  }),
  cost: z
    .object({
      amount: z.number().meta({ description: 'In units of the currency, not in cents' }),
      currency: z.string(),
    })
    .nullable()
    .meta({ description: 'What the provider charges for the call; the currency is an ISO 4217 code' }),
});
export type CallResult = z.output<typeof callResultSchema>;
export type Turn = z.output<typeof turnSchema>;

export const NO_RESULT: CallResult = {
  answeredBy: null,
  recordingUrl: null,
  transcript: [],
  summary: null,
  analysis: {},
  cost: null,
};
