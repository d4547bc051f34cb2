import { z } from 'zod';
import { CALL_PURPOSES } from '../../../domain/hours/rule-packs/lawful-rule.js';
import { RULE_PACKS } from '../../../domain/hours/rule-packs/rule-packs.js';
import { windowSchema } from '../../../domain/hours/window.js';
import { defineOperation } from '../../http/operation.js';

const rulePackSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    country: z.string(),
    territories: z.array(z.string()),
    purpose: z.enum(CALL_PURPOSES),
    hours: windowSchema,
    source: z.string(),
    sourceUrl: z.string(),
    verifiedAt: z.iso.date().nullable(),
    enabledByDefault: z.boolean(),
  })
  .meta({
    id: 'RulePack',
    description: "Hours that a law allows at the called party's place. Data with a source, not legal advice.",
  });

export const getRulePacksOperation = defineOperation({
  id: 'getRulePacks',
  method: 'get',
  path: '/v1/rule-packs',
  summary: 'The lawful hours that are known',
  description: 'All of them, with their source and the day on which somebody read it.',
  tag: 'hours',
  role: 'viewer',
  responses: { 200: { description: 'All rule packs', schema: z.object({ data: z.array(rulePackSchema) }) } },
  async handler() {
    return { status: 200, body: { data: RULE_PACKS } };
  },
});
