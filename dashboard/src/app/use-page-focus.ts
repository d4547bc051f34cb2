import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

/** A link that led to another page is gone with its own page: the focus begins at the new one, not at the top of all. */
export function usePageFocus(): void {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (isLost) document.getElementById('main')?.focus({ preventScroll: true });
  }, [pathname]);
}
