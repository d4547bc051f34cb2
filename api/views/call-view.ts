import type { z } from 'zod';
import { publicId } from '../../domain/ids.js';
import type { CallRow } from '../../store/calls/list-calls.js';
import type { callSchema } from '../schemas/call-schemas.js';

export type CallView = z.infer<typeof callSchema>;

export function toCallView(row: CallRow): CallView {
  return {
    id: publicId('attempt', row.id),
    batch: { id: publicId('batch', row.batchId), name: row.batchName },
    recipientId: publicId('recipient', row.recipientId),
    recipientName: row.recipientName,
    phoneNumber: row.phone,
    fromNumber: { id: publicId('phoneNumber', row.fromNumberId), phoneNumber: row.fromNumberPhone },
    agent: { id: publicId('agent', row.agentId), name: row.agentName },
    number: row.number,
    state: row.state,
    outcome: row.outcome,
    endReason: row.endReason,
    spendsAttempt: row.spendsAttempt,
    dialingAt: row.dialingAt.toISOString(),
    acceptedAt: row.acceptedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    durationMs: row.durationMs,
    successful: row.successful,
  };
}
