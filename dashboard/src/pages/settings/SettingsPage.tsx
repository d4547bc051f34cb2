import '../../app/mantine-styles-of-pages.js';
import { NativeSelect, Stack, Tabs, Title } from '@mantine/core';
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
  const show = (name: string | null): void => {
    if (name) void navigate(`/settings/${name}`);
  };
  return (
    <Stack>
      <Title order={1} size="h2">
        Settings
      </Title>
      {/* A row of eight tabs has no place on a narrow page. */}
      <NativeSelect
        hiddenFrom="md"
        aria-label="Part of the settings"
        data={SECTIONS.map(({ name, label }) => ({ value: name, label }))}
        value={shown}
        onChange={(event) => show(event.currentTarget.value)}
      />
      <Tabs value={shown} onChange={show}>
        <Tabs.List visibleFrom="md" aria-label="Settings" mb="md">
          {SECTIONS.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={shown}>
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
