import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';

type CopyIdProps = {
  value: string;
  what: string;
  /** How it is shown, where it is no id. */
  children?: ReactNode;
};

/** An id, number or address, and one click that copies it as it is. */
export function CopyId({ value, what, children }: CopyIdProps) {
  return (
    <Group gap={4} wrap="nowrap" miw={0}>
      {children ?? (
        <Text size="xs" c="dimmed" truncate title={value} ff="monospace">
          {value}
        </Text>
      )}
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
            <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`Copy ${what}`}>
              {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
