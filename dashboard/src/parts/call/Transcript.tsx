import { Text } from '@mantine/core';
import type { Schemas } from '../../api/client.js';
import classes from './Transcript.module.css';

type Turn = Schemas['Attempt']['transcript'][number];
type TranscriptProps = { turns: readonly Turn[]; recipientName?: string | null };

/** What was said, as a conversation. */
export function Transcript({ turns, recipientName }: TranscriptProps) {
  const names: Record<Turn['speaker'], string> = {
    agent: 'Agent',
    recipient: recipientName ?? 'Recipient',
    other: 'Somebody else',
  };
  return (
    <ol className={classes['list']} aria-label="Transcript">
      {turns.map(({ speaker, text }, index) => (
        <li key={index} className={`${classes['turn']} ${classes[speaker] ?? ''}`}>
          <Text size="xs" fw={600} component="div">
            <bdi dir="auto">{names[speaker]}</bdi>
          </Text>
          <p className={classes['text']} dir="auto">
            {text}
          </p>
        </li>
      ))}
    </ol>
  );
}
