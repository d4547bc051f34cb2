import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { AUDIT_ACTIONS } from '../../../../../domain/people/audit-actions.js';
import { actionLabel } from '../../../../../domain/shown/audit.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys, usePages } from '../../../api/queries.js';
import { useRoleLacks } from '../../../app/session.js';
import { useAddress } from '../../../app/use-address.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { PagedTable } from '../PagedTable.js';
import { AUDIT_COLUMNS } from './audit-columns.js';
import { auditQuery, type AuditQuery } from './audit-query.js';

const PER_PAGE = 100;

/** Who did what, and who was refused. The filter is in the address. */
export function AuditSettings() {
  const lacks = useRoleLacks('admin');
  if (lacks !== null) return <EmptyState title="The audit is for admins">{lacks}</EmptyState>;
  return <Audit />;
}

function Audit() {
  const [params, change] = useAddress();
  const query = auditQuery(params);
  const list = usePages([...keys.audit, query], (at, signal) =>
    answered(api.GET('/v1/audit', { params: { query: { limit: PER_PAGE, ...query, ...at } }, signal })),
  );
  return (
    <Stack>
      <Group gap="xs" align="flex-end" role="group" aria-label="Which entries">
        <TextInput
          type="date"
          flex="1 1 8.5rem"
          maw={170}
          label="From"
          value={params.get('from') ?? ''}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          flex="1 1 8.5rem"
          maw={170}
          label="Until"
          value={params.get('until') ?? ''}
          onChange={(event) => change({ until: event.currentTarget.value })}
        />
        <Select
          label="What was done"
          placeholder="Anything"
          flex="1 1 9rem"
          clearable
          searchable
          data={AUDIT_ACTIONS.map((action) => ({ value: action, label: actionLabel(action) }))}
          value={query.action ?? null}
          onChange={(action) => change({ action })}
        />
        <Select
          label="What became of it"
          placeholder="Anything"
          flex="1 1 9rem"
          clearable
          data={[
            { value: 'yes', label: 'Done' },
            { value: 'no', label: 'Refused' },
          ]}
          value={params.get('applied')}
          onChange={(applied) => change({ applied })}
        />
        <Button
          component="a"
          href={csvAddress(query)}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Download CSV
        </Button>
      </Group>
      <PagedTable<Schemas['AuditEntry']>
        label="Audit"
        list={list}
        columns={AUDIT_COLUMNS}
        keyOf={({ id }) => id}
        empty={<EmptyState title="Nothing is like this">Choose other days, or take a filter away.</EmptyState>}
      />
    </Stack>
  );
}

function csvAddress(query: AuditQuery): string {
  const params = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `/v1/audit.csv?${params.toString()}`;
}
