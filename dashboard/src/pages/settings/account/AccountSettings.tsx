import { Stack } from '@mantine/core';
import { NoticesPanel } from './NoticesPanel.js';
import { OwnSessions } from './OwnSessions.js';
import { PasswordPanel } from './PasswordPanel.js';
import { SecondFactorPanel } from './SecondFactorPanel.js';

/** One's own password, second factor, notifications and sessions. */
export function AccountSettings() {
  return (
    <Stack>
      <PasswordPanel />
      <SecondFactorPanel />
      <NoticesPanel />
      <OwnSessions />
    </Stack>
  );
}
