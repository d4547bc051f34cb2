import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconActivity, IconHistory, IconPhoneOff, IconPhoneOutgoing, IconSettings } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Outlet, NavLink as RouterLink, ScrollRestoration, useLocation } from 'react-router';
import type { Schemas } from '../api/client.js';
import { follow, type Connection } from '../api/live.js';
import { keys } from '../api/queries.js';
import { ConnectionNote } from './ConnectionNote.js';
import { EmergencyStop, StopBar } from './EmergencyStop.js';
import { AccountMenu } from './AccountMenu.js';
import { SessionConfirmation } from './SessionConfirmation.js';
import { SessionContext } from './session.js';

const PAGES = [
  { to: '/batches', label: 'Batch Calls', Icon: IconPhoneOutgoing },
  { to: '/live', label: 'Live', Icon: IconActivity },
  { to: '/calls', label: 'Calls', Icon: IconHistory },
  { to: '/do-not-call', label: 'Do not call', Icon: IconPhoneOff },
  { to: '/settings', label: 'Settings', Icon: IconSettings },
] as const;

/** What is around every page: where to go, who is signed in, the emergency stop, and whether what is shown is live. */
export function Shell({ session, isOver }: { session: Schemas['Session']; isOver: boolean }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const connection = useLive(isOver);
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
              <ConnectionNote connection={connection} />
              <EmergencyStop />
              <AccountMenu session={session} />
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
      <ScrollRestoration />
    </SessionContext>
  );
}

/** Follows what changes as long as the session lasts. */
function useLive(isOver: boolean): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [begun, setBegun] = useState(0);
  useEffect(() => {
    if (isOver) return;
    const ending = new AbortController();
    follow(client, setConnection, ending.signal);
    return () => ending.abort();
  }, [client, isOver, begun]);
  useEffect(() => {
    if (connection !== 'ended') return;
    // Who may listen no longer is asked who it is. A session that goes on, with other rights, listens anew.
    void client.invalidateQueries({ queryKey: keys.session }).then(() => setBegun((times) => times + 1));
  }, [connection, client]);
  return connection;
}
