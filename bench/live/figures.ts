import { CALLS, placeCalls, SATURATED, WARM_UP_CALLS } from '../engine.js';
import { withStack, type BenchStack } from '../bench-stack.js';
import { median, type Story } from '../story.js';

/** Both are as often the first of a pair: a machine that slows down takes from both. */
const TURNS = ['with', 'without', 'without', 'with'] as const;
const ROUNDS = 3;
/** What writes how a call changes the figures; without them there is nothing to add either. */
const TRIGGERS = ['attempts_figures', 'attempts_figures_of_new'];

export const figures: Story = {
  name: 'figures',
  what: `calls per second, saturated and steady, with the figures over time and without them, in turns: ${ROUNDS * TURNS.length} batches of ${CALLS} calls`,
  run: ({ dir, say }) =>
    withStack({ dir, ...SATURATED }, async (bench) => {
      await placeCalls(bench, 'warm-up', WARM_UP_CALLS);
      say('Warm');
      const rates: Record<(typeof TURNS)[number], number[]> = { with: [], without: [] };
      for (let round = 1; round <= ROUNDS; round++) {
        for (const turn of TURNS) {
          await countFigures(bench, turn === 'with');
          const rate = await placeCalls(bench, `round ${round} ${turn}`, CALLS);
          rates[turn].push(rate);
          say(`Round ${round}, ${turn}: ${rate.toFixed(0)} calls/s`);
        }
      }
      return [{ value: median(rates.with) / median(rates.without), unit: 'ratio', bar: 0.95, better: 'higher' }];
    }),
};

async function countFigures({ pool }: BenchStack, areCounted: boolean): Promise<void> {
  for (const trigger of TRIGGERS)
    await pool.query(`ALTER TABLE attempts ${areCounted ? 'ENABLE' : 'DISABLE'} TRIGGER ${trigger}`);
}
