import { useLocalStorage } from '@mantine/hooks';

/** Columns that may be left out, in their order. */
export const OPTIONAL_COLUMNS = [
  { id: 'name', label: 'Name' },
  { id: 'status', label: 'Status' },
  { id: 'attempts', label: 'Attempts' },
  { id: 'lastOutcome', label: 'Last outcome' },
  { id: 'lastError', label: 'Last error' },
  { id: 'timeZone', label: 'Time zone' },
  { id: 'added', label: 'Added' },
  { id: 'next', label: 'Waits for' },
] as const;
export type OptionalColumn = (typeof OPTIONAL_COLUMNS)[number]['id'];

export type ColumnsShown = { columns: readonly OptionalColumn[]; variables: readonly string[] };

const KEY = 'dialwright.recipient-columns';
const AT_FIRST: ColumnsShown = { columns: ['name', 'status', 'attempts', 'lastOutcome', 'next'], variables: [] };

/** Which columns who looks wants to see: kept in this browser, for all batches. */
export function useColumnsShown() {
  return useLocalStorage<ColumnsShown>({
    key: KEY,
    defaultValue: AT_FIRST,
    getInitialValueInEffect: false,
    deserialize: readShown,
  });
}

/** What another version, or another program, has left there may be anything. */
function readShown(kept: string | undefined): ColumnsShown {
  try {
    const { columns, variables } = JSON.parse(kept ?? '{}') as Record<string, unknown>;
    if (!Array.isArray(columns) || !Array.isArray(variables)) return AT_FIRST;
    return {
      columns: OPTIONAL_COLUMNS.map(({ id }) => id).filter((id) => columns.includes(id)),
      variables: variables.filter((each) => typeof each === 'string'),
    };
  } catch {
    return AT_FIRST;
  }
}
