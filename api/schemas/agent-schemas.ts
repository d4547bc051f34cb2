import { z } from 'zod';
import { idOut, time } from './fields.js';

export const agentSchema = z
  .object({
    id: idOut('agent'),
    providerAccountId: idOut('providerAccount'),
    providerAgentId: z.string(),
    name: z.string(),
    disabled: z.boolean(),
    createdAt: time,
  })
  .meta({ id: 'Agent' });
