import { ActionIcon, Kbd, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
import { answered, api, type Schemas } from '../api/client.js';
import { queryClient } from '../api/queries.js';

const SCHEMES = [
  { scheme: 'light', label: 'Light', Icon: IconSun },
  { scheme: 'dark', label: 'Dark', Icon: IconMoon },
  { scheme: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
] as const;

/** Who is signed in, other workspaces of theirs, how the page looks, its keys, and the way out. */
export function AccountMenu({ session, onKeys }: { session: Schemas['Session']; onKeys: () => void }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { member, workspace, workspaces } = session;
  const others = workspaces.filter(({ id }) => id !== workspace.id);
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={`Account of ${member.name}`}>
          <IconUserCircle size={22} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" truncate dir="auto">
            {member.name}
          </Text>
          <Text size="xs" truncate>
            {member.email}, {member.role}
          </Text>
        </Menu.Label>
        {others.length > 0 && <Menu.Label>Go to workspace</Menu.Label>}
        {others.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => void enter(id)} dir="auto">
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {SCHEMES.map(({ scheme, label, Icon }) => (
          <Menu.Item
            key={scheme}
            aria-current={colorScheme === scheme ? 'true' : undefined}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={colorScheme === scheme ? '✓' : null}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconKeyboard size={16} aria-hidden />}
          rightSection={<Kbd aria-hidden>?</Kbd>}
          onClick={onKeys}
        >
          Keys
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Nothing of one workspace is shown in the other. */
async function enter(workspaceId: string): Promise<void> {
  await answered(api.PATCH('/v1/session', { body: { workspaceId } }));
  window.location.assign('/');
}

async function signOut(): Promise<void> {
  await answered(api.DELETE('/v1/session'));
  queryClient.clear();
  window.location.assign('/');
}
