import { z } from 'zod';
import { checkSuppressedPhone, type PhoneReading } from '../../domain/recipients/suppression-rows.js';
import { ApiError, type FieldError } from '../http/errors.js';

const PHONES_MAX = 10_000;

export const phoneNumbersInput = z
  .array(z.string())
  .min(1, 'at least one number is needed')
  .max(PHONES_MAX, `at most ${PHONES_MAX} numbers in one request; upload more as CSV: POST /v1/suppressions/import`)
  .meta({ example: ['+12025550123'] });

/** The numbers of a request, all of them or none. @throws ApiError with every mistake, by `phoneNumbers[3]` */
export function checkPhones(
  texts: readonly string[],
  reading: PhoneReading,
): { phones: { phone: string; key: string }[]; notE164: number } {
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
  }
  const [first] = errors;
  if (!first) return { phones, notE164 };
  throw new ApiError(
    'validation_failed',
    `${errors.length} of the numbers cannot be read, the first in ${first.field}: ${first.message}. Nothing was changed.`,
    { errors },
  );
}
