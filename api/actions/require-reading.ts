import type { PhoneReading } from '../../domain/recipients/suppression-rows.js';
import { ApiError } from '../http/errors.js';

type Asked = {
  defaultCountry?: string | undefined;
  numbersWithoutPlus: NonNullable<PhoneReading['numbersWithoutPlus']>;
};

/** How a request says that its numbers without `+` are read. @throws ApiError when national ones have no country */
export function requireReading({ defaultCountry, numbersWithoutPlus }: Asked): PhoneReading {
  if (defaultCountry !== undefined) return { defaultCountry, numbersWithoutPlus };
  if (numbersWithoutPlus !== 'national') return { numbersWithoutPlus };
  const message = 'numbersWithoutPlus "national" needs a defaultCountry: name the country of the numbers';
  throw new ApiError('validation_failed', `${message}.`, {
    errors: [{ field: 'defaultCountry', code: 'required', message }],
  });
}
