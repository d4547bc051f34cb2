import { z } from 'zod';
import { boundedList } from '../../domain/bounded-list.js';
import { checkSuppressedPhone, type PhoneReading } from '../../domain/recipients/suppression-rows.js';
import { createPause } from '../../platform/pause.js';
import { ApiError, type FieldError } from '../http/errors.js';
import { FIELD_ERRORS_MAX } from '../http/problem.js';
import { countOf } from './check-recipients.js';

const PHONES_MAX = 10_000;

export const phoneNumbersInput = boundedList(
  z.array(z.string()).min(1, 'at least one number is needed'),
  PHONES_MAX,
  `at most ${PHONES_MAX} numbers in one request; upload more as CSV: POST /v1/suppressions/import`,
).meta({ example: ['+12025550123'] });

type CheckedPhones = { phones: { phone: string; key: string }[]; notE164: number };

/**
 * The numbers of a request, all of them or none, checked as recipients are: see `checkRecipients`.
 * @throws ApiError with the mistakes, by `phoneNumbers[3]`
 */
export async function checkPhones(texts: readonly string[], reading: PhoneReading): Promise<CheckedPhones> {
  const pause = createPause();
  const phones: { phone: string; key: string }[] = [];
  const errors: FieldError[] = [];
  let notE164 = 0;
  for (const [index, text] of texts.entries()) {
    const checked = checkSuppressedPhone(text, reading);
    if (!checked.ok) errors.push({ field: `phoneNumbers[${index}]`, code: checked.code, message: checked.message });
    else {
      phones.push({ phone: checked.phone, key: checked.key });
      if (!checked.isE164) notE164 += 1;
    }
    if (errors.length > FIELD_ERRORS_MAX) break;
    await pause();
  }
  const [first] = errors;
  if (!first) return { phones, notE164 };
  throw new ApiError(
    'validation_failed',
    `${countOf(errors, 'number')} cannot be read, the first in ${first.field}: ${first.message}. Nothing was changed.`,
    { errors },
  );
}
