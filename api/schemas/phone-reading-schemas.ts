import { z } from 'zod';
import { isPhoneCountry } from '../../domain/recipients/phone.js';
import { NUMBERS_WITHOUT_PLUS } from '../../domain/recipients/phone-readings.js';

/** How numbers without `+` are read, in every request that holds numbers. `requireReading` checks both together. */
export const phoneReadingFields = {
  defaultCountry: z
    .string()
    .refine(isPhoneCountry, 'is not a country code such as ES, in capitals')
    .optional()
    .meta({ description: 'Country of the numbers that have no + and country code', example: 'ES' }),
  numbersWithoutPlus: z.enum(NUMBERS_WITHOUT_PLUS).default('unambiguous').meta({
    description:
      'How numbers without + are read. `unambiguous`: accepted when one reading alone is a valid number of the default country, and rejected with both when two are. `national`: as they are dialled in the default country. `international`: a country code comes first, only the + is missing; what begins with 0 is national all the same.',
  }),
};
