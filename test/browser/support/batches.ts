import { answered, type Dialwright, type components } from '../../../client/index.js';
import type { Stack } from '../../../dev/stack.js';

type Batch = components['schemas']['Batch'];
type Making = {
  name: string;
  /** How many, or the numbers of those that are called. */
  people: number | readonly string[];
  submit?: boolean;
  limits?: { concurrency: number };
  /** An instant; left out: at once. */
  startAt?: string;
  /** Left out: at any hour. */
  window?: Batch['window'] & object;
};

const ALWAYS = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
) as Batch['window'] & object;

/** A batch that may call at any hour, of people whose numbers nobody has. */
export async function makeBatch({ api }: Dialwright, { fromNumberId }: Stack, making: Making): Promise<Batch> {
  const { name, people, submit = true, limits, startAt, window = ALWAYS } = making;
  const phones =
    typeof people === 'number'
      ? Array.from({ length: people }, (_, index) => `+1202555${String(100 + index).padStart(4, '0')}`)
      : people;
  return answered(
    api.POST('/v1/batches', {
      body: {
        name,
        fromNumberId,
        timeZone: 'America/New_York',
        window,
        submit,
        ...(limits && { limits }),
        ...(startAt && { start: { at: startAt } }),
        recipients: phones.map((phoneNumber, index) => ({
          phoneNumber,
          name: `Person ${index}`,
          variables: { city: 'London' },
        })),
      },
    }),
  );
}
