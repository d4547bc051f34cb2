import { Alert, Anchor, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { sentenceOf, type Pace, type SentenceAction } from '../../../../domain/shown/sentence.js';
import type { Batch } from '../../api/client.js';
import { useRoleLacks } from '../../app/session.js';
import { LazyActionDialog } from './LazyActionDialog.js';
import { PausedAction } from './PausedAction.js';
import { count } from '../Count.js';
import { ownZone, placeOf, writeMoment } from '../moments.js';

type BatchSentenceProps = {
  batch: Batch;
  /** How fast it goes; null: not known. */
  pace: Pace | null;
  /** What follows the sentence. */
  children?: ReactNode;
};

/** What happens with the batch, and why: always there, of one height. */
export function BatchSentence({ batch, pace, children }: BatchSentenceProps) {
  const zone = batch.timeZone ?? ownZone;
  const wording = {
    count,
    moment: (at: string) => `${writeMoment(at, zone)}${zone === ownZone ? '' : ` ${placeOf(zone)}`}`,
  };
  const { text, action, isBlocked } = sentenceOf(batch, wording, pace);
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
        {text} {action && <SentenceLink batch={batch} action={action} />} {children}
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

function addressOfAction(batch: Batch, action: SentenceAction): string | null {
  if ('goTo' in action) return action.goTo === 'batch' && action.id ? `/batches/${action.id}` : ADDRESSES[action.goTo];
  if (action.do === 'settle') return `/batches/${batch.id}?tab=recipients&status=UNCERTAIN`;
  if (action.do !== 'edit') return null;
  return batch.status === 'DRAFT' ? `/batches/${batch.id}/edit` : `/batches/${batch.id}?tab=settings`;
}

/** Who may not do it still sees where it is done. */
function SentenceLink({ batch, action }: { batch: Batch; action: SentenceAction }) {
  const lacks = useRoleLacks('operator');
  const [isAsked, setAsked] = useState(false);
  const address = addressOfAction(batch, action);
  if (address !== null) {
    return (
      <Anchor component={Link} to={address} size="sm">
        {action.label}
      </Anchor>
    );
  }
  if (!('do' in action) || (action.do !== 'resume' && action.do !== 'retry')) return null;
  if (lacks !== null || !batch.allowedActions[action.do].allowed) return null;
  const now = (
    <>
      <Anchor component="button" type="button" size="sm" onClick={() => setAsked(true)}>
        {action.label}
      </Anchor>
      {isAsked && <LazyActionDialog batch={batch} action={action.do} onClose={() => setAsked(false)} />}
    </>
  );
  return action.do === 'resume' ? <PausedAction batch={batch} resume={now} /> : now;
}
