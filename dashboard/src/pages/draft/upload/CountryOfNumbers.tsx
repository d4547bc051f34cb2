import { Select, type SelectProps } from '@mantine/core';
import { PHONE_COUNTRIES } from './phone-countries.js';

type CountryOfNumbersProps = Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
  value: string | null;
  onChange: (country: string | null) => void;
};

/** Whose numbers those are that have no + and country code. */
export function CountryOfNumbers(props: CountryOfNumbersProps) {
  return (
    <Select
      label={props['aria-label'] ? undefined : 'Country of numbers without +'}
      placeholder="None"
      searchable
      clearable
      data={PHONE_COUNTRIES}
      {...props}
    />
  );
}
