import { Select } from '@mantine/core';
import { COUNTRY_ZONES } from '../../../../domain/hours/country-zones.js';

const names = new Intl.DisplayNames(undefined, { type: 'region' });
const COUNTRIES = Object.keys(COUNTRY_ZONES)
  .map((value) => ({ value, label: names.of(value) ?? value }))
  .sort((a, b) => a.label.localeCompare(b.label));

type CountrySelectProps = { value: string | null; onChange: (country: string | null) => void };

/** Of numbers that have no + and country code. */
export function CountrySelect({ value, onChange }: CountrySelectProps) {
  return (
    <Select
      label="Numbers without + are from"
      placeholder="They all have a country code"
      clearable
      searchable
      data={COUNTRIES}
      value={value}
      onChange={onChange}
    />
  );
}
