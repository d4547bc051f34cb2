import { ScrollArea, Stack, Tabs, Title } from '@mantine/core';
import { Outlet, useLocation, useNavigate } from 'react-router';

const SECTIONS = [
  { name: 'workspace', label: 'Workspace' },
  { name: 'numbers', label: 'Numbers' },
  { name: 'agents', label: 'Agents' },
  { name: 'providers', label: 'Providers' },
  { name: 'people', label: 'People' },
  { name: 'keys', label: 'API keys' },
  { name: 'audit', label: 'Audit' },
  { name: 'account', label: 'Your account' },
] as const;

/** What the workspace calls with, who may do what, and one's own account: each at an address of its own. */
export function SettingsPage() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const shown = SECTIONS.find(({ name }) => pathname.startsWith(`/settings/${name}`))?.name ?? 'workspace';
  return (
    <Stack>
      <Title order={1} size="h2">
        Settings
      </Title>
      <Tabs value={shown} onChange={(next) => next && void navigate(`/settings/${next}`)}>
        <ScrollArea type="auto" offsetScrollbars="x">
          <Tabs.List style={{ flexWrap: 'nowrap' }} aria-label="Settings">
            {SECTIONS.map(({ name, label }) => (
              <Tabs.Tab key={name} value={name} style={{ whiteSpace: 'nowrap' }}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </ScrollArea>
        <Tabs.Panel value={shown} pt="md">
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
