import { Alert, Anchor, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { sentenceOf, type SentenceAction } from '../../../../domain/shown/sentence.js';
import type { Batch } from '../../api/client.js';
import { useRoleLacks } from '../../app/session.js';
import { LazyActionDialog } from './LazyActionDialog.js';
import { count } from '../Count.js';
import { ownZone, placeOf, writeMoment } from '../moments.js';

/** What happens with the batch, and why: always there, of one height. */
export function BatchSentence({ batch }: { batch: Batch }) {
  const lacks = useRoleLacks('operator');
  const zone = batch.timeZone ?? ownZone;
  const { text, action, isBlocked } = sentenceOf(batch, {
    count,
    moment: (at) => `${writeMoment(at, zone)}${zone === ownZone ? '' : ` ${placeOf(zone)}`}`,
  });
  return (
    <Alert
      color={isBlocked ? 'yellow' : 'gray'}
      variant="light"
      py="xs"
      mih={46}
      role="status"
      aria-label="What happens"
    >
      <Text size="sm" dir="auto">
        {text} {action && lacks === null && <SentenceLink batch={batch} action={action} />}
      </Text>
    </Alert>
  );
}

/** Where the thing is that keeps the batch waiting. */
const ADDRESSES: Record<Extract<SentenceAction, { goTo: unknown }>['goTo'], string> = {
  live: '/live',
  system: '/live',
  workspace: '/settings/workspace',
  phoneNumber: '/settings/numbers',
  agent: '/settings/agents',
  providerAccount: '/settings/providers',
  batch: '/batches',
};

function SentenceLink({ batch, action }: { batch: Batch; action: SentenceAction }) {
  const [isAsked, setAsked] = useState(false);
  if ('goTo' in action) {
    return (
      <Anchor component={Link} to={ADDRESSES[action.goTo]} size="sm">
        {action.label}
      </Anchor>
    );
  }
  if (action.do !== 'resume' && action.do !== 'retry') return null;
  if (!batch.allowedActions[action.do].allowed) return null;
  return (
    <>
      <Anchor component="button" type="button" size="sm" onClick={() => setAsked(true)}>
        {action.label}
      </Anchor>
      {isAsked && <LazyActionDialog batch={batch} action={action.do} onClose={() => setAsked(false)} />}
    </>
  );
}
