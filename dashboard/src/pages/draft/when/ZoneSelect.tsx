import { Select, type SelectProps } from '@mantine/core';
import { placeOf } from '../../../parts/moments.js';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const SHOWN_MAX = 60;

type ZoneSelectProps = Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
  value: string | null;
  onChange: (zone: string) => void;
};

/** A time zone by its place. Letters of the place or the area find it. */
export function ZoneSelect({ value, onChange, ...props }: ZoneSelectProps) {
  const known = value !== null && !zones.includes(value) ? [value, ...zones] : zones;
  return (
    <Select
      {...props}
      searchable
      allowDeselect={false}
      limit={SHOWN_MAX}
      nothingFoundMessage="No such place. Try a large city of the country."
      data={known.map((zone) => ({ value: zone, label: `${placeOf(zone)} (${zone})` }))}
      value={value}
      onChange={(next) => next !== null && onChange(next)}
    />
  );
}
