import { NumberInput, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { FieldError } from '../FieldError.js';
import type { DraftForm } from '../use-draft.js';

const SHARES = [
  { name: 'failureShare', label: 'of calls failed' },
  { name: 'shortCallShare', label: 'of answered calls were shorter than 6 seconds' },
  { name: 'providerErrorShare', label: 'of calls had trouble with the provider or the agent' },
] as const;
const SAMPLE = { min: 10, max: 1_000, usual: 50 };

/** When the batch pauses by itself, so that a bad list or a broken provider does not burn it. */
export function Breakers({ draft }: { draft: DraftForm }) {
  const { fields, change } = draft;
  const breakers = fields.circuitBreakers ?? {};
  return (
    <Stack gap="xs">
      <Title order={3} size="h6" id="field-circuitBreakers" tabIndex={-1}>
        When it pauses by itself
      </Title>
      <Text size="sm" c="dimmed">
        Of the last calls that ended. Empty: never.
      </Text>
      <FieldError draft={draft} field="circuitBreakers" />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {SHARES.map(({ name, label }) => {
          const share = breakers[name];
          return (
            <NumberInput
              key={name}
              label={`Percent ${label}`}
              suffix=" %"
              min={1}
              max={100}
              allowDecimal={false}
              value={share == null ? '' : Math.round(share * 100)}
              onChange={(value) =>
                change({ circuitBreakers: { ...breakers, [name]: typeof value === 'number' ? value / 100 : null } })
              }
            />
          );
        })}
        <NumberInput
          label="How many last calls are looked at"
          min={SAMPLE.min}
          max={SAMPLE.max}
          allowDecimal={false}
          value={breakers.sampleSize ?? SAMPLE.usual}
          onChange={(value) =>
            typeof value === 'number' && change({ circuitBreakers: { ...breakers, sampleSize: value } })
          }
        />
      </SimpleGrid>
    </Stack>
  );
}
