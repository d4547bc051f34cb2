import { IconTrash } from '@tabler/icons-react';
import { answered, api, type Schemas } from '../../api/client.js';
import { useRoleLacks } from '../../app/session.js';
import { useChange } from '../../app/changes/use-change.js';
import { showDone } from '../../parts/notices.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { showUndoable } from '../../parts/undo-notice.js';
import { AGAIN } from './suppression-queries.js';

/** Allows a number again. It can be taken back: then it is as it was, but for its date. */
export function RemoveNumber({ suppression: { phoneNumber, reason } }: { suppression: Schemas['Suppression'] }) {
  const lacks = useRoleLacks('admin');
  const phoneNumbers = [phoneNumber];
  const back = useChange(() => answered(api.POST('/v1/suppressions', { body: { phoneNumbers, reason } })), {
    again: AGAIN,
    onDone: () => showDone(`${phoneNumber} is on Do not call again.`),
  });
  const remove = useChange(() => answered(api.POST('/v1/suppressions/remove', { body: { phoneNumbers } })), {
    again: AGAIN,
    onDone: () => showUndoable(`${phoneNumber} may be called again.`, () => back.mutate()),
  });
  return (
    <ReasonedButton
      size="xs"
      variant="subtle"
      color="red"
      whyNot={lacks}
      loading={remove.isPending}
      leftSection={<IconTrash size={14} aria-hidden />}
      aria-label={`Remove ${phoneNumber}`}
      onClick={() => remove.mutate()}
    >
      Remove
    </ReasonedButton>
  );
}
