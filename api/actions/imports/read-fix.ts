import { fixesOf, type Fix, type FixAction } from '../../../domain/imports/fixes.js';
import type { z } from 'zod';
import type { ReviewRules } from '../../../store/imports/read-import.js';
import { ApiError, type FieldError } from '../../http/errors.js';
import type { fixBody } from '../../schemas/import-fix-schemas.js';

type FixBody = z.output<typeof fixBody>;
type Detail = 'country' | 'numbersWithoutPlus' | 'timeZone';

/** What each action must be told, and what it may be told. */
const DETAILS: Record<FixAction, { needs: readonly (Detail | 'cell')[]; takes: readonly Detail[] }> = {
  country: { needs: ['country'], takes: ['country', 'numbersWithoutPlus'] },
  reading: { needs: ['numbersWithoutPlus'], takes: ['numbersWithoutPlus'] },
  zone: { needs: ['timeZone', 'cell'], takes: ['timeZone'] },
  skipCheck: { needs: [], takes: [] },
  clear: { needs: [], takes: [] },
  leaveOut: { needs: [], takes: [] },
};

/** The fix that a request asks for. @throws ApiError for one that does not fit its problem, or says too little or too much */
export function readFix(body: FixBody, { defaultCountry }: Pick<ReviewRules, 'defaultCountry'>): Fix {
  const { code, action, country, numbersWithoutPlus, timeZone } = body;
  const cell = body.cell ?? null;
  const allowed = fixesOf(code);
  if (!allowed.includes(action))
    throw wrong('action', 'invalid_value', `cannot fix ${code}; what can be done is ${allowed.join(', ')}`);
  const { needs, takes } = DETAILS[action];
  const missing = needs.find((name) => body[name] === undefined);
  if (missing) throw wrong(missing, 'required', `is needed by the action ${action}`);
  const extra = (['country', 'numbersWithoutPlus', 'timeZone'] as const).find(
    (name) => body[name] !== undefined && !takes.includes(name),
  );
  if (extra) throw wrong(extra, 'unknown_field', `is not used by the action ${action}; leave it out`);
  switch (action) {
    case 'country':
      return { code, cell, action, country: country!, numbersWithoutPlus }; // needed above
    case 'reading':
      if (numbersWithoutPlus !== 'national' && numbersWithoutPlus !== 'international')
        throw wrong('numbersWithoutPlus', 'invalid_value', 'is national or international here');
      if (numbersWithoutPlus === 'national' && defaultCountry === null)
        throw wrong('action', 'invalid_value', 'needs a country for national numbers; use the action country');
      return { code, cell, action, numbersWithoutPlus };
    case 'zone':
      return { code, cell, action, timeZone: timeZone! }; // needed above
    default:
      return { code, cell, action };
  }
}

function wrong(field: string, code: FieldError['code'], message: string): ApiError {
  return new ApiError('validation_failed', `The field ${field} ${message}.`, { errors: [{ field, code, message }] });
}
