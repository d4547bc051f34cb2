import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useRoleLacks } from '../../../app/session.js';
import { Confirm } from '../../../parts/Confirm.js';
import { Moment } from '../../../parts/Moment.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { FieldError } from '../FieldError.js';
import type { DraftForm } from '../use-draft.js';

const REASON_LENGTH_MAX = 1_000;

/** Lawful hours hold unless an admin lifts them and says why; who did it stands here, with the way back. */
export function LawfulHours({ draft }: { draft: DraftForm }) {
  const { fields, batch, change } = draft;
  const lacks = useRoleLacks('admin');
  const [isAsked, setAsked] = useState(false);
  const lifted = fields.lawfulOverride ?? null;
  if (lifted === null && fields.purpose == null) return null;
  const by = batch?.lawfulOverride;
  return (
    <div id="field-lawfulOverride" tabIndex={-1}>
      {lifted === null ? (
        <ReasonedButton size="xs" variant="subtle" color="gray" whyNot={lacks} onClick={() => setAsked(true)}>
          Lift the lawful hours…
        </ReasonedButton>
      ) : (
        <Alert color="yellow" title="The lawful hours are lifted" role="note">
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              {by && (
                <>
                  By <bdi dir="auto">{by.name}</bdi>, <Moment at={by.at} />:{' '}
                </>
              )}
              <bdi dir="auto">{lifted.reason}</bdi>
            </Text>
            <Button size="xs" variant="default" onClick={() => change({ lawfulOverride: null })}>
              Apply them again
            </Button>
          </Group>
        </Alert>
      )}
      <FieldError draft={draft} field="lawfulOverride" />
      {isAsked && (
        <LiftLawfulHours
          onLift={(reason) => {
            change({ lawfulOverride: { reason } });
            setAsked(false);
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </div>
  );
}

function LiftLawfulHours({ onLift, onClose }: { onLift: (reason: string) => void; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  return (
    <Confirm
      title="Lift the lawful hours of this batch?"
      verb="Lift the lawful hours"
      keep="Keep them"
      onClose={onClose}
      onConfirm={() => (reason.trim() === '' ? setMissing(true) : onLift(reason.trim()))}
    >
      <Text size="sm" mb="sm">
        People are called in all hours that are set here, whatever the law says where they are. Your name and the reason
        are kept with the batch.
      </Text>
      <TextInput
        label="Reason"
        required
        dir="auto"
        maxLength={REASON_LENGTH_MAX}
        value={reason}
        error={isMissing && reason.trim() === '' ? 'Say why.' : null}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Confirm>
  );
}
