import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Outlet, NavLink as RouterLink, ScrollRestoration, useLocation } from 'react-router';
import type { Schemas } from '../api/client.js';
import { ConnectionNote } from './ConnectionNote.js';
import { EmergencyStop, StopBar } from './EmergencyStop.js';
import { AccountMenu } from './AccountMenu.js';
import { Keys } from './keys/Keys.js';
import { PAGES } from './pages.js';
import { SessionConfirmation } from './SessionConfirmation.js';
import { SessionContext } from './session.js';
import { useLive } from './live/use-live.js';
import { usePageFocus } from './use-page-focus.js';
import { useTitle } from './live/use-title.js';

/** What is around every page: where to go, who is signed in, the emergency stop, and whether what is shown is live. */
export function Shell({ session, isOver }: { session: Schemas['Session']; isOver: boolean }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const { connection, countedAt } = useLive(isOver);
  const [areKeysListed, setKeysListed] = useState(false);
  useTitle(session.workspace.name);
  usePageFocus();
  return (
    <SessionContext value={session}>
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding="md"
      >
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
            <Group gap="xs" wrap="nowrap" miw={0}>
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
              />
              <Text fw={700} visibleFrom="xs">
                Dialwright
              </Text>
              <Text c="dimmed" truncate dir="auto" title={session.workspace.name}>
                {session.workspace.name}
              </Text>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <ConnectionNote connection={connection} countedAt={countedAt} />
              <EmergencyStop />
              <AccountMenu session={session} onKeys={() => setKeysListed(true)} />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label="Pages">
          <div style={{ overflowY: 'auto' }}>
            {PAGES.map(({ to, label, Icon }) => (
              <NavLink
                key={to}
                component={RouterLink}
                to={to}
                label={label}
                leftSection={<Icon size={18} aria-hidden />}
                active={pathname.startsWith(to)}
                onClick={close}
              />
            ))}
          </div>
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1}>
          <StopBar />
          <SessionConfirmation>
            <Outlet />
          </SessionConfirmation>
        </AppShell.Main>
      </AppShell>
      <Keys isListed={areKeysListed} onList={setKeysListed} />
      <ScrollRestoration />
    </SessionContext>
  );
}
