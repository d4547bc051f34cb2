import { Box, Loader, Text, VisuallyHidden } from '@mantine/core';
import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef, type CSSProperties, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import classes from './DataTable.module.css';
import { RowsSeen } from './table/RowsSeen.js';
import { useReadAhead, useStayInPlace } from './table/window.js';

export type Column<Row> = {
  id: string;
  header: string;
  /** A track of a CSS grid: `minmax(12rem, 2fr)`, `6rem`. */
  width: string;
  isNumber?: true;
  /** Seen by nobody, and read by those who hear the page. */
  isHeaderHidden?: true;
  cell: (row: Row) => ReactNode;
};

type DataTableProps<Row> = {
  /** What is in it, for people who hear the page. */
  label: string;
  columns: readonly Column<Row>[];
  /** A window of the list, in its order. */
  rows: readonly Row[];
  /** How many rows of the list lie before these. */
  rowsBefore?: number;
  keyOf: (row: Row) => string;
  /** Of all rows, also those that are not read yet; null: not known. */
  total: number | null;
  hasMore: boolean;
  isReadingMore: boolean;
  /** Whether any page is read: the next one is asked for after that. */
  isReading?: boolean;
  onMore: () => void;
  /** Reads the rows before these; needed where `rowsBefore` may be more than none. */
  onBefore?: () => void;
  /** Instead of rows where there are none. */
  empty: ReactNode;
};

/** How high a row is until it was drawn. */
const ROW_PX = 48;
const OVERSCAN_ROWS = 10;
/**
 * Where each list was scrolled to, by the entry of the browser's history and its name: going back shows the same place. With the
 * heights of its rows: from guessed ones another row would be there.
 */
const left = new Map<string, { offset: number; rows: VirtualItem[] }>();
/** Who goes back further begins at the top. */
const LEFT_MAX = 20;

/**
 * The one table: only rows that are seen are drawn, the next page is read before it is needed, and those far away are let go; on
 * a narrow page rows are cards.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowsBefore = 0, keyOf, total, hasMore, isReadingMore, empty } = props;
  const { isReading = isReadingMore, onMore, onBefore = () => undefined } = props;
  const frame = useRef<HTMLDivElement>(null);
  const place = `${useLocation().key} ${label}`;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    initialOffset: left.get(place)?.offset ?? 0,
    initialMeasurementsCache: left.get(place)?.rows ?? [],
    getItemKey: (index) => keyOf(rows[index] as Row),
  });
  useEffect(() => () => leave(place, virtual), [place, virtual]);
  useStayInPlace(virtual, rowsBefore);
  useReadAhead(virtual, { rows, rowsBefore, hasMore, isReading, onMore, onBefore });
  const tracks = useMemo(() => ({ gridTemplateColumns: columns.map(({ width }) => width).join(' ') }), [columns]);
  if (rows.length === 0 && !hasMore) return <>{empty}</>;
  const isPartial = hasMore || rowsBefore > 0;
  return (
    <Box ref={frame} className={classes['frame']} data-partial={isPartial || undefined} {...regionOf(label)}>
      <div role="table" aria-label={label} aria-rowcount={total === null ? -1 : total + 1} className={classes['table']}>
        <div role="rowgroup" className={classes['head']}>
          <div role="row" aria-rowindex={1} className={classes['row']} style={tracks}>
            {columns.map(({ id, header, isNumber, isHeaderHidden }) => (
              <div key={id} role="columnheader" className={isNumber && classes['number']}>
                {isHeaderHidden ? <VisuallyHidden>{header}</VisuallyHidden> : header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes['body']} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key: itemKey }) => (
            <TableRow
              key={itemKey}
              row={rows[index] as Row}
              {...{ columns, tracks, index, rowsBefore, start }}
              measure={virtual.measureElement}
            />
          ))}
        </div>
      </div>
      {(isReadingMore || isPartial) && (
        <Text component="div" size="sm" c="dimmed" className={classes['foot']}>
          {isReadingMore && <Loader size="xs" aria-hidden />}
          <RowsSeen range={virtual.range} rowsBefore={rowsBefore} total={total} />
        </Text>
      )}
    </Box>
  );
}

function leave(place: string, virtual: Virtualizer<HTMLDivElement, Element>): void {
  left.delete(place);
  left.set(place, { offset: virtual.scrollOffset ?? 0, rows: virtual.takeSnapshot() });
  for (const oldest of [...left.keys()].slice(0, -LEFT_MAX)) left.delete(oldest);
}

type TableRowProps<Row> = {
  row: Row;
  columns: readonly Column<Row>[];
  tracks: CSSProperties;
  /** Its place among the rows that were read, and how many of the list lie before these. */
  index: number;
  rowsBefore: number;
  /** Where it begins, in px. */
  start: number;
  measure: (element: Element | null) => void;
};

/** Drawn when it is first seen and when it changes, and not each time that the list is scrolled. */
const TableRow = memo(function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, columns, tracks, index, rowsBefore, start, measure } = props;
  return (
    <div
      ref={measure}
      data-index={index}
      role="row"
      aria-rowindex={rowsBefore + index + 2}
      className={`${classes['row']} ${classes['placed']}`}
      style={{ ...tracks, transform: `translateY(${start}px)` }}
    >
      {columns.map(({ id, header, isNumber, cell }) => (
        <div key={id} role="cell" className={isNumber && classes['number']} data-header={header}>
          {cell(row)}
        </div>
      ))}
    </div>
  );
}) as <Row>(props: TableRowProps<Row>) => ReactNode;

const regionOf = (label: string) => ({ tabIndex: 0, role: 'region', 'aria-label': label });
