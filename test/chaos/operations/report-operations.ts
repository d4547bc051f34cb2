import { callsOf } from '../evidence.js';
import { groupBy } from '../group-by.js';
import { liveThroughout } from './check-operations.js';
import { PAIRS, type OperationsEvidence, type Pair, type SideBatch } from './story.js';

const PACKS: Pair = 'rule packs with create';
type Tried = { roundsMin: number; isNightSomewhere: boolean };

/** A pair that never met, or after which nothing was forbidden, proves nothing. @returns one sentence for each */
export function findUntriedPairs(
  { sides, ledger }: OperationsEvidence,
  { roundsMin, isNightSomewhere }: Tried,
): string[] {
  const tried = PAIRS.filter((pair) => pair !== PACKS || isNightSomewhere);
  const calls = callsOf(ledger);
  return tried.flatMap((pair) => {
    const met = sides.filter((side) => side.pair === pair && side.isConcurrent);
    const few =
      met.length < roundsMin
        ? [`Not tried: "${pair}" was at the same time ${met.length} times; ${roundsMin} are needed`]
        : [];
    const isKey = pair === 'key change with settle';
    if (!isKey && !met.some((side) => side.isForbidden)) few.push(`Not tried: nothing was forbidden after "${pair}"`);
    const keysOf = (account: 'same' | 'other'): SideBatch[] =>
      met.filter(({ keyChange }) => keyChange?.account === account && liveThroughout(calls, keyChange));
    if (isKey && keysOf('other').length === 0)
      few.push('Not tried: no key of another account was sent while a call was open');
    if (isKey && keysOf('same').length === 0)
      few.push('Not tried: no other key of our account was sent while a call was open');
    return few;
  });
}

/** What each pair came to, and how often. */
export function tableOfPairs({ sides }: OperationsEvidence, { isNightSomewhere }: Tried): [string, string][] {
  return PAIRS.flatMap((pair) => {
    const own = sides.filter((side) => side.pair === pair);
    if (pair === PACKS && !isNightSomewhere)
      return [[pair, 'proved nothing: it is night nowhere in the United States'] as [string, string]];
    const met = own.filter((side) => side.isConcurrent).length;
    const killed = own.filter((side) => side.kills > 0).length;
    const rows: [string, string][] = [
      [pair, `${own.length} times, ${met} of them at the same time, ${killed} while parts were killed`],
    ];
    for (const [ended, same] of groupBy(own, (side) => side.ended)) rows.push([`  ${same.length} times`, ended]);
    return rows;
  });
}
