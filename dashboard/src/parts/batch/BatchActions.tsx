import { ActionIcon, Menu, Text, Tooltip } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import type { Batch } from '../../api/client.js';
import { useRoleLacks } from '../../app/session.js';
import { writeSpan } from '../moments.js';
import { useNow } from '../use-now.js';
import { LazyActionDialog } from './LazyActionDialog.js';
import { BATCH_ACTIONS_SHOWN, whyNotOf, type ShownAction } from './batch-actions.js';

/** All that can be done with a batch, always in the same order. What cannot be done now says why. */
export function BatchActions({ batch, label }: { batch: Batch; label: string }) {
  const lacks = useRoleLacks('operator');
  const [asked, setAsked] = useState<ShownAction | null>(null);
  return (
    <>
      <Menu position="bottom-end" width={230} keepMounted={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
            <IconDots size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {BATCH_ACTIONS_SHOWN.map((action) => {
            const whyNot = whyNotOf(batch, action, lacks);
            const { Icon } = action;
            const item = (
              <Menu.Item
                leftSection={<Icon size={16} aria-hidden />}
                c={whyNot !== null ? 'dimmed' : action.isGrave ? 'var(--tone-red)' : undefined}
                aria-disabled={whyNot !== null}
                aria-description={whyNot ?? undefined}
                data-reasoned={whyNot !== null || undefined}
                closeMenuOnClick={whyNot === null}
                onClick={() => whyNot === null && setAsked(action)}
              >
                {action.label}
                {action.name === 'reload' && <Updated at={batch.counters.countedAt} />}
              </Menu.Item>
            );
            return whyNot === null ? (
              <div key={action.name}>{item}</div>
            ) : (
              <Tooltip key={action.name} label={whyNot} position="left">
                <div>{item}</div>
              </Tooltip>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {asked && <LazyActionDialog batch={batch} action={asked.name} onClose={() => setAsked(null)} />}
    </>
  );
}

function Updated({ at }: { at: string }) {
  const agoMs = useNow(true) - new Date(at).getTime();
  return (
    <Text span size="xs" c="dimmed" ms={6}>
      updated {writeSpan(agoMs)} ago
    </Text>
  );
}
