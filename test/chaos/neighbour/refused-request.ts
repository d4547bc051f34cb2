import { WINDOW } from '../../support/upload-file.js';
import type { Random } from '../random.js';
import type { DeedKind } from './deed.js';
import type { OthersCall } from './foreign-event.js';

export type RefusedRequest = { kind: DeedKind; method: string; path: string; body?: unknown };
/** What the neighbour knows of the other workspace. */
export type Other = { batchId: string; fromNumberId: string; providerAccountId: string; calls: readonly OthersCall[] };

/** A request with a mistake in it, or one about what belongs to the other workspace: none may be taken. */
export function drawRefusedRequest(random: Random, other: Other): RefusedRequest {
  const requests = random.share() < 0.3 ? badRequests() : requestsAbout(random, other);
  return random.pick(requests);
}

function badRequests(): RefusedRequest[] {
  const kind = 'bad request';
  return [
    { kind, method: 'GET', path: '/v1/nothing-is-here' },
    { kind, method: 'GET', path: '/v1/batches?limit=0' },
    { kind, method: 'GET', path: '/v1/batches/bat_00000000000000000000000000000000' },
    { kind, method: 'POST', path: '/v1/batches', body: { name: '' } },
    { kind, method: 'POST', path: '/v1/suppressions', body: { phoneNumbers: ['not a number'] } },
    { kind, method: 'PATCH', path: '/v1/workspace', body: { concurrency: -1 } },
  ];
}

function requestsAbout(random: Random, other: Other): RefusedRequest[] {
  const kind = 'request about the other workspace';
  const batch = `/v1/batches/${other.batchId}`;
  const call = other.calls.length > 0 ? random.pick(other.calls) : null;
  return [
    { kind, method: 'GET', path: batch },
    { kind, method: 'POST', path: `${batch}/pause` },
    { kind, method: 'POST', path: `${batch}/cancel`, body: { hangUp: true } },
    { kind, method: 'POST', path: `${batch}/recipients/search`, body: { text: '+1212' } },
    { kind, method: 'PATCH', path: `/v1/provider-accounts/${other.providerAccountId}`, body: { name: 'Mine' } },
    {
      ...{ kind, method: 'POST', path: '/v1/batches' },
      body: {
        ...{ name: 'With a number of the other', fromNumberId: other.fromNumberId, timeZone: 'UTC', window: WINDOW },
        submit: true,
        recipients: [{ phoneNumber: '+14152209999' }],
      },
    },
    ...(call
      ? ([
          { kind, method: 'POST', path: `/v1/attempts/${call.reference}/hang-up` },
          { kind, method: 'POST', path: `/v1/attempts/${call.reference}/verdict`, body: { verdict: 'not-called' } },
        ] satisfies RefusedRequest[])
      : []),
  ];
}
