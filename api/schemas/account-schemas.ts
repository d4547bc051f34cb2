import { z } from 'zod';
import { keyedByName } from '../../domain/keyed-by-name.js';
import { CREDENTIAL_TEXT } from '../../telephony/credential-text.js';
import { PROVIDER_KINDS, providerKind } from '../../telephony/registry.js';
import { idOut, time } from './fields.js';

export const providerAccountSchema = z
  .object({
    id: idOut('providerAccount'),
    kind: z.enum(PROVIDER_KINDS),
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
        'True: its stored credentials cannot be read, because the encryption key was lost. No call starts until a PATCH gives all of them',
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

const CREDENTIALS_OF_KINDS = PROVIDER_KINDS.map((kind) => {
  const fields = Object.entries(providerKind(kind)?.credentials.shape ?? {});
  const shown = fields.map(([name, schema]) => {
    const { description } = (schema instanceof z.ZodOptional ? schema.unwrap() : schema).meta() ?? {};
    return `${name}${schema instanceof z.ZodOptional ? ' (optional)' : ''}: ${description}`;
  });
  return `${kind}: ${shown.join('; ')}.`;
});

/** Taken in, never given out. Which there are, the kind says (`credentialsForm`). */
export const credentialsSchema = keyedByName(z.string().max(100), CREDENTIAL_TEXT.nullable()).meta({
  writeOnly: true,
  description: `Stored encrypted, never shown; null: none. ${CREDENTIALS_OF_KINDS.join(' ')}`,
});
