import { SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { CopyId } from '../CopyId.js';
import { writeDuration } from '../moments.js';

type Attempt = Schemas['Attempt'];

/** What is known of a call in one word each. */
export function CallFacts({ call }: { call: Attempt }) {
  const facts: [string, ReactNode][] = [
    ['Talking time', call.durationMs === null ? 'not reported' : writeDuration(call.durationMs)],
    ['Successful', successOf(call)],
    ['Answered by', call.answeredBy === null ? 'not reported' : ANSWERERS[call.answeredBy]],
    ['Cost', call.cost === null ? 'not reported' : moneyOf(call.cost)],
    ['Provider’s word for the end', call.endReason === null ? 'none' : <code>{call.endReason}</code>],
    ['Counts as an attempt', call.spendsAttempt ? 'Yes' : 'No'],
    ['Id', <CopyId key="id" value={call.id} what="the id of the call" />],
    [
      'Provider’s id',
      call.providerCallId === null ? 'none' : <CopyId key="id" value={call.providerCallId} what="the provider’s id" />,
    ],
  ];
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} spacing="xs" m={0}>
      {facts.map(([term, said]) => (
        <div key={term}>
          <Text component="dt" size="xs" c="dimmed">
            {term}
          </Text>
          <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
            {said}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

const ANSWERERS: Record<NonNullable<Attempt['answeredBy']>, string> = { human: 'A person', machine: 'A machine' };

function successOf({ successful, outcome }: Attempt): string {
  if (successful !== null) return successful ? 'Yes' : 'No';
  return outcome === 'ANSWERED' ? 'Not analysed yet' : 'Does not apply';
}

function moneyOf({ amount, currency }: NonNullable<Attempt['cost']>): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: 4 }).format(amount);
}
