import { publicId } from '../../../domain/ids.js';
import { deleteUnused, type UnusedKind } from '../../../store/settings/unused/delete-unused.js';
import { ApiError, notFound } from '../../http/errors.js';
import type { Auth, RequestDeps } from '../../http/operation.js';

const WORDS: Record<UnusedKind, string> = {
  phoneNumber: 'phone number',
  agent: 'agent',
  providerAccount: 'provider account',
};

/** Deletes a number, an agent or an account that no batch ever had. @throws ApiError that says what to do instead */
export async function deleteSetting(
  { deps, auth }: { deps: RequestDeps; auth: Auth },
  kind: UnusedKind,
  id: string,
): Promise<{ status: 204 }> {
  const result = await deleteUnused(deps.db, auth, { kind, id });
  const shown = `The ${WORDS[kind]} ${publicId(kind, id)}`;
  switch (result) {
    case 'DELETED':
      return { status: 204 };
    case 'NOT_FOUND':
      throw notFound(WORDS[kind], publicId(kind, id));
    case 'USED':
      throw inUse(
        `${shown} was used by a batch, and the records of its calls name it. Disable it instead: PATCH it with disabled: true.`,
      );
    case 'BOUND':
      throw inUse(
        `${shown} is the outbound agent of a phone number. Give that number another agent, or none, then delete it.`,
      );
    case 'HAS_PARTS':
      throw inUse(
        `${shown} has phone numbers or agents. Delete those first; where a batch has used one, disable the account instead.`,
      );
  }
}

function inUse(message: string): ApiError {
  return new ApiError('in_use', message);
}
