import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef } from 'react';

type Rows = Virtualizer<HTMLDivElement, Element>;

type Window = {
  rows: readonly unknown[];
  /** How many rows of the list lie before these. */
  rowsBefore: number;
  hasMore: boolean;
  isReading: boolean;
  onMore: () => void;
  onBefore: () => void;
};

/** So many rows before an end of the window the next page is asked for. */
const ASKED_BEFORE_ROWS = 60;

/** Reads the next page before it is needed, in either direction, one at a time: a second request would end the first. */
export function useReadAhead({ range }: Rows, list: Window): void {
  const { rows, rowsBefore, hasMore, isReading, onMore, onBefore } = list;
  const { startIndex, endIndex } = range ?? { startIndex: 0, endIndex: 0 };
  const isMoreNear = hasMore && endIndex >= rows.length - ASKED_BEFORE_ROWS;
  const isBeforeNear = rowsBefore > 0 && startIndex < ASKED_BEFORE_ROWS;
  useEffect(() => {
    if (isReading) return;
    if (isMoreNear) onMore();
    else if (isBeforeNear) onBefore();
  });
}

/** What is seen stays where it is when rows come before it, or are let go there. */
export function useStayInPlace(virtual: Rows, rowsBefore: number): void {
  const seen = useRef<{ key: unknown; gapPx: number; rowsBefore: number } | null>(null);
  useLayoutEffect(() => {
    const before = seen.current;
    if (before && before.rowsBefore !== rowsBefore) {
      const place = virtual.measurementsCache.find(({ key }) => key === before.key);
      if (place) virtual.scrollToOffset(place.start + before.gapPx);
    }
    const offset = virtual.scrollOffset ?? 0;
    const top = virtual.getVirtualItems().find(({ end }) => end > offset);
    seen.current = top ? { key: top.key, gapPx: offset - top.start, rowsBefore } : null;
  });
}
