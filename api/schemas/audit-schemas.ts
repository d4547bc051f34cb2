import { z } from 'zod';
import { ID_PREFIXES, parsePublicId, type IdKind } from '../../domain/ids.js';
import { AUDIT_ACTIONS } from '../../domain/people/audit-actions.js';
import { instantSchema } from '../../domain/instant.js';
import { AUDIT_TARGET_KINDS, type AuditTarget } from '../../store/people/record-audit.js';
import { filterText, idIn, idOut, optionalBooleanQuery, time } from './fields.js';

const fields = z.record(z.string(), z.unknown()).nullable();

/** The public id of anything that an entry may be about. */
const targetId = z.string().transform((text, context): AuditTarget => {
  const kind = AUDIT_TARGET_KINDS.find((known) => text.startsWith(`${ID_PREFIXES[known]}_`));
  const id = kind && parsePublicId(kind, text);
  if (kind && id) return { kind, id };
  const prefixes = AUDIT_TARGET_KINDS.map((known: IdKind) => `${ID_PREFIXES[known]}_…`).join(', ');
  context.addIssue({ code: 'custom', message: `is not an id; expected one of ${prefixes}` });
  return z.NEVER;
});

export const auditQuery = {
  from: instantSchema.optional().meta({ description: 'What was done at this instant or later' }),
  until: instantSchema.optional().meta({ description: 'What was done before this instant' }),
  actor: filterText.optional().meta({ description: "An API key's id, `setup`, `oidc`, `temporal` or `dialwright`" }),
  action: z.enum(AUDIT_ACTIONS).optional(),
  applied: optionalBooleanQuery().meta({ type: 'boolean', description: 'False: what was asked for and refused' }),
  targetId: targetId.optional().meta({ description: 'The id of what it was done to' }),
  batchId: idIn('batch').optional().meta({ description: 'What was done with this batch, and all that it has' }),
};

export const auditEntrySchema = z
  .object({
    id: idOut('event'),
    at: time,
    actor: z.string().meta({
      description:
        "An API key's id, `setup`, `oidc` for a group grant, `temporal` for a signal made by hand, `dialwright`, or `unknown` for who was not signed in",
    }),
    actorName: z.string().nullable().meta({ description: 'What the key was called then' }),
    actorFrom: z.string().nullable().meta({ description: 'The address from which it was asked' }),
    action: z.enum(AUDIT_ACTIONS),
    applied: z.boolean().meta({ description: 'False for what was asked for and refused' }),
    targetKind: z.enum(AUDIT_TARGET_KINDS).nullable(),
    targetId: z.string().nullable().meta({ description: 'The id of what it was done to' }),
    batchId: idOut('batch').nullable(),
    attemptId: idOut('attempt').nullable(),
    detail: z.record(z.string(), z.unknown()),
    before: fields.meta({ description: 'What was changed, as it was before' }),
    after: fields.meta({ description: 'What was changed, as it is since' }),
  })
  .meta({ id: 'AuditEntry' });
