import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';

type ShownOnceProps = { value: string; what: string; children: ReactNode };

/** A secret that is shown this one time: to be copied now. */
export function ShownOnce({ value, what, children }: ShownOnceProps) {
  return (
    <Alert color="yellow" role="status" title="Copy it now: it is not shown again">
      <Stack gap="xs">
        <Text size="sm">{children}</Text>
        <Code
          block
          aria-label={what}
          role="textbox"
          aria-readonly
          tabIndex={0}
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {value}
        </Code>
        <Group>
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                variant="default"
                leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
                onClick={copy}
              >
                {copied ? 'Copied' : `Copy ${what}`}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Alert>
  );
}
