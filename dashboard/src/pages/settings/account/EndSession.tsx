import { answered, api, type Schemas } from '../../../api/client.js';
import { useChange } from '../../../app/changes/use-change.js';
import { showDone } from '../../../parts/notices.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { browserName } from './browser-name.js';
import { OWN_SESSIONS } from './own-sessions.js';

/** Signs one's own browser out, from afar. */
export function EndSession({ session }: { session: Schemas['OwnSession'] }) {
  const end = useChange(
    () => answered(api.DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId: session.id } } })),
    { again: [OWN_SESSIONS], onDone: () => showDone('That browser is signed out.') },
  );
  return (
    <ReasonedButton
      size="xs"
      variant="default"
      whyNot={session.isThis ? 'Sign out to end this one.' : null}
      loading={end.isPending}
      aria-label={`End the session of ${browserName(session.agent)}`}
      onClick={() => end.mutate()}
    >
      End
    </ReasonedButton>
  );
}
