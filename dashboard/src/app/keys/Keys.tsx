import { Suspense, useCallback } from 'react';
import { lazyPart } from '../../api/lazy-part.js';
import { useKeys } from './use-keys.js';

const KeyList = lazyPart(async () => (await import('./KeyList.js')).KeyList);

/** The keys of every page, and their list while it is open. */
export function Keys({ isListed, onList }: { isListed: boolean; onList: (isListed: boolean) => void }) {
  useKeys(useCallback(() => onList(true), [onList]));
  return <Suspense>{isListed && <KeyList onClose={() => onList(false)} />}</Suspense>;
}
