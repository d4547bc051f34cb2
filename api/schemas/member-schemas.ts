import { z } from 'zod';
import { ROLES } from '../../domain/people/roles.js';
import { idOut, nameText, time } from './fields.js';

/**
 * Compared in small letters; what comes before and after is taken off. ASCII before it is made small: a Kelvin sign would become
 * the k of somebody else's address.
 */
export const emailText = z
  .string()
  .max(254)
  .trim()
  .refine((text) => /^[ -~]*$/.test(text), 'has letters without accents, digits and signs only (ASCII)')
  .transform((text) => text.toLowerCase())
  .pipe(z.email())
  .meta({ example: 'ada@example.com' });
export const passwordText = z.string().min(1).max(1_000);
export const codeText = z
  .string()
  .min(1)
  .max(50)
  .meta({ description: 'Of the second factor: what the app shows, or a recovery code', example: '123456' });

export const memberSchema = z
  .object({
    id: idOut('member'),
    email: z.string(),
    name: z.string().meta({
      description: 'Of the person in this workspace; in other ones the person may have other names',
    }),
    role: z.enum(ROLES),
    acceptedAt: time.nullable().meta({
      description:
        'When the invitation was accepted, by its link or by the identity provider; before that nobody is let in',
    }),
    createdBy: z.string().meta({
      description:
        'Who invited them: the id of a member or a key, `setup`, or `oidc` for a group of the identity provider',
    }),
    createdAt: time,
  })
  .meta({ id: 'Member' });

export const linkFields = {
  link: z.string().nullable().meta({
    description:
      'For the person alone, shown once: by it a password is chosen, once, within a day. Null when it was shown already, or sent by mail',
  }),
  sentTo: z
    .string()
    .nullable()
    .meta({ description: 'The address to which the link was sent by mail; null: it was not' }),
  notSentBecause: z.string().nullable().meta({
    description:
      'Why the link was not sent by mail, where the installation sends mails: give it to the person yourself',
  }),
};

export const sessionSchema = z
  .object({
    member: z.object({ id: idOut('member'), name: z.string(), email: z.string(), role: z.enum(ROLES) }),
    workspace: z.object({ id: idOut('workspace'), name: z.string() }),
    workspaces: z
      .array(z.object({ id: idOut('workspace'), name: z.string(), role: z.enum(ROLES) }))
      .meta({ description: 'Where the person is a member' }),
    confirmedUntil: time.nullable().meta({
      description:
        'Until then the session may do what gives somebody access or takes a protection away; null: the person has to show first who it is, `PUT /v1/session/confirmation`',
    }),
  })
  .meta({ id: 'Session' });

export const memberBody = { email: emailText, name: nameText, role: z.enum(ROLES) };
