import { Stack } from '@mantine/core';
import { OwnSessions } from './OwnSessions.js';
import { PasswordPanel } from './PasswordPanel.js';
import { SecondFactorPanel } from './SecondFactorPanel.js';

/** One's own password, second factor and sessions. */
export function AccountSettings() {
  return (
    <Stack>
      <PasswordPanel />
      <SecondFactorPanel />
      <OwnSessions />
    </Stack>
  );
}
