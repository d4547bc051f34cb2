import { callsOf } from '../evidence.js';
import { groupBy } from '../group-by.js';
import { wasUnderKill } from './check-neighbour.js';
import { DEED_KINDS, isBusy, isTaken, WANTED, type Deed, type DeedKind, type NeighbourEvidence } from './deed.js';

/** What was not answered as it is wanted proves nothing. @returns one sentence for each kind that never was */
export function findUntriedDeeds(evidence: NeighbourEvidence): string[] {
  const untried = DEED_KINDS.filter((kind) => !ofKind(evidence, kind).some(isProof));
  const isShared = callsOfShared(evidence) > 0;
  return [
    ...untried.map((kind) => `Not tried: no "${kind}" of the neighbour was answered as it should be`),
    ...(isShared ? [] : ['Not tried: the neighbour called no number of the other workspace']),
  ];
}

/** Names and values, as they are printed. */
export function tableOfNeighbour(evidence: NeighbourEvidence): [string, string][] {
  const { ledger, batches, deeds } = evidence;
  const calls = callsOf(ledger).length;
  const waited = deeds.filter(({ status, saysWhen }) => status === 503 && saysWhen).length;
  return [
    ['neighbour', `${batches.length} batches, ${calls} calls, ${callsOfShared(evidence)} to numbers of the other`],
    ['  503 with Retry-After', String(waited)],
    ...DEED_KINDS.map((kind): [string, string] => [`  ${kind}`, describe(ofKind(evidence, kind), evidence)]),
  ];
}

function describe(deeds: Deed[], { kills }: NeighbourEvidence): string {
  const failed = deeds.filter((deed) => !isProof(deed) && !isBusy(deed));
  const down = failed.filter((deed) => wasUnderKill(deed, kills)).length;
  const busy = [...groupBy(deeds.filter(isBusy), ({ status, code }) => `${status} ${code}`)];
  return [
    `${deeds.filter(isProof).length} times`,
    ...busy.map(([answer, same]) => `${same.length} refused ${answer}`),
    ...(down > 0 ? [`${down} without while a part was down`] : []),
    ...(failed.length > down ? [`${failed.length - down} wrong`] : []),
  ].join(', ');
}

function ofKind({ deeds }: NeighbourEvidence, kind: DeedKind): Deed[] {
  return deeds.filter((deed) => deed.kind === kind);
}

/** The answer that this kind of request must have when nothing is in its way. */
function isProof(deed: Deed): boolean {
  switch (WANTED[deed.kind]) {
    case 'taken':
      return isTaken(deed);
    case 'refused':
      return deed.status !== null && deed.status >= 400 && deed.status < 500 && deed.status !== 429;
    case 'nothing':
      return true;
  }
}

function callsOfShared({ ledger, sharedPhones }: NeighbourEvidence): number {
  const shared = new Set(sharedPhones);
  return callsOf(ledger).filter(({ to }) => shared.has(to)).length;
}
