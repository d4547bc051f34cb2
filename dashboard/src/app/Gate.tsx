import { Suspense, useEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { lazyPart } from '../api/lazy-part.js';
import { useFocusReturn } from './focus-return.js';
import { isSameSession } from './session.js';
import type { Schemas } from '../api/client.js';
import { useSession } from '../api/queries.js';
import { ErrorState } from '../parts/ErrorState.js';
import { useLeaveDialogs } from '../parts/dialog/open-dialogs.js';
import { Loading } from './Loading.js';
import { Shell } from './Shell.js';

const SignIn = lazyPart(async () => (await import('../pages/sign-in/SignIn.js')).SignIn);
const SignInAgain = lazyPart(async () => (await import('./SignInAgain.js')).SignInAgain);
const Welcome = lazyPart(async () => (await import('../pages/sign-in/Welcome.js')).Welcome);
/** A link by which a person gets in: its token is behind #, which no server sees. */
const WELCOME = /^#\/welcome\/(\S+)$/;

/** Shows the pages to a person who is signed in, and to all others how to get in. */
export function Gate() {
  const { hash } = useLocation();
  const session = useSession();
  useFocusReturn();
  useLeaveDialogs();
  // The last one of this page: when it ends, the page stays under the way in.
  const before = useRef<Schemas['Session']>(null);
  useEffect(() => {
    if (!session.data) return;
    // Another tab went to another workspace, or somebody else signed in there: nothing of the one is shown in the other.
    if (before.current && !isSameSession(before.current, session.data)) window.location.assign('/');
    before.current = session.data;
  }, [session.data]);
  const token = WELCOME.exec(hash)?.[1];
  if (token !== undefined)
    return (
      <Suspense fallback={<Loading />}>
        <Welcome token={token} />
      </Suspense>
    );
  const shown = session.data ?? before.current;
  // The same tree with and without the way in on top, so that the page under it is never made anew.
  if (shown)
    return (
      <>
        <Shell session={shown} isOver={!session.data} />
        <Suspense>{!session.data && <SignInAgain before={shown} />}</Suspense>
      </>
    );
  if (session.isPending) return <Loading />;
  if (session.isError) return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  return (
    <Suspense fallback={<Loading />}>
      <SignIn />
    </Suspense>
  );
}
