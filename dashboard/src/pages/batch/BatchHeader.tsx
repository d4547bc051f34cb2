import { Anchor, Group, Stack, Title } from '@mantine/core';
import { IconArrowLeft, IconBan, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Batch } from '../../api/client.js';
import { useRoleLacks } from '../../app/session.js';
import { LazyActionDialog } from '../../parts/batch/LazyActionDialog.js';
import { BatchActions } from '../../parts/batch/BatchActions.js';
import { CopyId } from '../../parts/CopyId.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { BatchBadge } from '../../parts/StatusBadge.js';
import { nameOf } from '../../parts/batch/batch-name.js';
import { whyNotOf, type ActionName } from '../../parts/batch/batch-actions.js';

/** Which batch it is, and what can be done with it. */
export function BatchHeader({ batch }: { batch: Batch }) {
  const lacks = useRoleLacks('operator');
  const [asked, setAsked] = useState<ActionName | null>(null);
  const pausing = batch.status === 'PAUSED' ? 'resume' : 'pause';
  const PauseIcon = pausing === 'resume' ? IconPlayerPlay : IconPlayerPause;
  return (
    <Group justify="space-between" align="flex-start" gap="xs">
      <Stack gap={2} miw={0} flex="1 1 16rem">
        <Anchor component={Link} to="/batches" size="sm">
          <Group gap={4} component="span">
            <IconArrowLeft size={14} aria-hidden /> Batch Calls
          </Group>
        </Anchor>
        <Group gap="xs">
          <Title order={1} size="h2" dir="auto" style={{ overflowWrap: 'anywhere' }}>
            {nameOf(batch)}
          </Title>
          <BatchBadge status={batch.status} />
        </Group>
        <CopyId value={batch.id} what="the id" />
      </Stack>
      <Group gap="xs">
        <ReasonedButton
          variant="default"
          whyNot={whyNotOf(batch, { name: pausing }, lacks)}
          leftSection={<PauseIcon size={16} aria-hidden />}
          onClick={() => setAsked(pausing)}
        >
          {pausing === 'resume' ? 'Resume' : 'Pause'}
        </ReasonedButton>
        <ReasonedButton
          variant="default"
          whyNot={whyNotOf(batch, { name: 'cancel' }, lacks)}
          leftSection={<IconBan size={16} aria-hidden />}
          onClick={() => setAsked('cancel')}
        >
          Cancel
        </ReasonedButton>
        <BatchActions batch={batch} label="More actions" />
      </Group>
      {asked && <LazyActionDialog batch={batch} action={asked} onClose={() => setAsked(null)} />}
    </Group>
  );
}
