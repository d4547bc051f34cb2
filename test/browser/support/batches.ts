import { answered, type Dialwright, type components } from '../../../client/index.js';
import type { Stack } from '../../../dev/stack.js';

type Batch = components['schemas']['Batch'];
type Making = { name: string; people: number; submit?: boolean; limits?: { concurrency: number } };

const ALWAYS = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
) as Batch['window'] & object;

/** A batch that may call at any hour, of people whose numbers nobody has. */
export async function makeBatch({ api }: Dialwright, { fromNumberId }: Stack, making: Making): Promise<Batch> {
  const { name, people, submit = true, limits } = making;
  return answered(
    api.POST('/v1/batches', {
      body: {
        name,
        fromNumberId,
        timeZone: 'America/New_York',
        window: ALWAYS,
        submit,
        ...(limits && { limits }),
        recipients: Array.from({ length: people }, (_, index) => ({
          phoneNumber: `+1202555${String(100 + index).padStart(4, '0')}`,
          name: `Person ${index}`,
          variables: { city: 'London' },
        })),
      },
    }),
  );
}
