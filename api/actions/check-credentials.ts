import { z } from 'zod';
import type { Credentials } from '../../store/settings/sealed-credentials.js';
import type { CredentialsForm } from '../../store/settings/update-provider-account.js';
import { providerKind } from '../../telephony/registry.js';
import { ApiError } from '../http/errors.js';
import { toFieldErrors } from '../http/problem.js';
import { refused } from './check-caller.js';

/** What a kind of provider says of its credentials. @throws ApiError when this release has no such kind */
export function credentialsForm(kind: string): CredentialsForm {
  const known = providerKind(kind);
  if (!known) throw refused('validation_failed', 'kind', `There is no provider of kind '${kind}' in this release.`);
  const names = Object.keys(known.credentials.shape);
  const schema = z.object({ credentials: known.credentials });
  return {
    names,
    identifiedBy: known.identifiedBy,
    check(credentials: Credentials) {
      const read = schema.safeParse({ credentials });
      if (read.success) return;
      throw new ApiError('validation_failed', `Accounts of kind ${kind} have the credentials: ${names.join(', ')}.`, {
        errors: toFieldErrors(read.error),
      });
    },
  };
}
