import '../mantine-styles-of-pages.js';
import { Kbd, Stack, Switch, Table } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Dialog } from '../../parts/dialog/Dialog.js';
import { KEYS_SWITCH, SHORTCUTS } from './keys.js';

/** Every key of the page, and the way to switch single keys off. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const [isOn, setOn] = useLocalStorage<string>(KEYS_SWITCH);
  return (
    <Dialog onClose={onClose} title="Keys">
      <Stack>
        <Table aria-label="Keys">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Key</Table.Th>
              <Table.Th>What it does</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {SHORTCUTS.map(({ keys, words }) => (
              <Table.Tr key={words}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  {keys.map((key, index) => (
                    <span key={key}>
                      {index > 0 && ' then '}
                      <Kbd>{key}</Kbd>
                    </span>
                  ))}
                </Table.Td>
                <Table.Td>{words}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          label="Single keys do something"
          description="They never do while you type in a field. Switch them off if you speak to the computer."
          checked={isOn === 'on'}
          onChange={(event) => setOn(event.currentTarget.checked ? 'on' : 'off')}
        />
      </Stack>
    </Dialog>
  );
}
