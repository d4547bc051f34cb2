import { z } from 'zod';
import { idOut, time } from './fields.js';

export const providerAccountSchema = z
  .object({
    id: idOut('providerAccount'),
    kind: z.string(),
    name: z.string(),
    baseUrl: z.string(),
    mode: z.enum(['webhooks', 'polling']).meta({
      description:
        'webhooks: the provider sends its events to webhookUrl. polling: it cannot reach this API, so every call is looked up each pollIntervalMs',
    }),
    webhookUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where the provider must send its events; null when the public address is not set' }),
    ringLimitMs: z.int(),
    callLengthMaxMs: z.int(),
    settleDelayMs: z.int().nullable().meta({ description: 'Null: what the adapter of the kind declares' }),
    pollIntervalMs: z.int(),
    disabled: z.boolean(),
    needsCredentials: z.boolean().meta({
      description:
        'True: its stored credentials cannot be read, because the encryption key was lost. No call starts until a PATCH gives both',
    }),
    notAllowed: z.string().nullable().meta({
      description:
        'Why this installation sends nothing to the account, so that no call starts through it; null: it does',
    }),
    createdAt: time,
  })
  .meta({ id: 'ProviderAccount' });

/** Bounds of what may be set on a provider account: those of its table. */
export const accountLimits = {
  ringLimitMs: z.int().min(100).max(600_000),
  callLengthMaxMs: z.int().min(1_000).max(14_400_000),
  settleDelayMs: z.int().min(0).max(3_600_000).nullable(),
  pollIntervalMs: z.int().min(100).max(3_600_000),
};

/** A credential: goes into a header, so that it holds nothing that a header cannot. Taken in, never given out. */
export const secretText = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,1000}$/, 'must have 1 to 1000 visible ASCII characters, without spaces')
  .meta({ writeOnly: true });
