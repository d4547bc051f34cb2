import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';
import { useSession } from '../api/queries.js';
import { ErrorState } from '../parts/ErrorState.js';
import { Loading } from './Loading.js';
import { Shell } from './Shell.js';

const SignIn = lazy(async () => ({ default: (await import('../pages/sign-in/SignIn.js')).SignIn }));
const Welcome = lazy(async () => ({ default: (await import('../pages/sign-in/Welcome.js')).Welcome }));
/** A link by which a person gets in: its token is behind #, which no server sees. */
const WELCOME = /^#\/welcome\/(\S+)$/;

/** Shows the pages to a person who is signed in, and to all others how to get in. */
export function Gate() {
  const { hash } = useLocation();
  const session = useSession();
  const token = WELCOME.exec(hash)?.[1];
  if (token !== undefined)
    return (
      <Suspense fallback={<Loading />}>
        <Welcome token={token} />
      </Suspense>
    );
  if (session.isPending) return <Loading />;
  if (session.isError) return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data)
    return (
      <Suspense fallback={<Loading />}>
        <SignIn />
      </Suspense>
    );
  return <Shell session={session.data} />;
}
