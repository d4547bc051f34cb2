import { publicId } from '../../domain/ids.js';
import type { MemberRecord } from '../../store/people/members.js';

export function toMemberView({ id, createdAt, acceptedAt, ...member }: MemberRecord) {
  return {
    ...member,
    id: publicId('member', id),
    acceptedAt: acceptedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
