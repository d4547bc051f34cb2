import { Switch, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { canNotify, NOTICES_SWITCH } from '../../../app/live/end-notices.js';
import { Panel } from '../../../parts/Panel.js';

/** Whether this browser tells the person what happens while they do not look. */
export function NoticesPanel() {
  const [isOn, setOn] = useLocalStorage<string>(NOTICES_SWITCH);
  const [permission, setPermission] = useState(() => (canNotify() ? Notification.permission : 'denied'));
  const change = async (wanted: boolean): Promise<void> => {
    if (!wanted) return setOn('off');
    const given = await Notification.requestPermission();
    setPermission(given);
    setOn(given === 'granted' ? 'on' : 'off');
  };
  return (
    <Panel title="Notifications" about="In this browser only.">
      <Switch
        label="Tell me when a batch ends, or pauses by itself"
        description="While no page of Dialwright is in front, and at least one is open."
        checked={isOn === 'on' && permission === 'granted'}
        disabled={!canNotify()}
        onChange={(event) => void change(event.currentTarget.checked)}
      />
      {permission === 'denied' && (
        <Text size="sm" c="var(--tone-amber)" role="status">
          {canNotify()
            ? 'The browser does not allow it for this address. Its settings of the page can change that.'
            : 'This browser shows none: that needs an address with https.'}
        </Text>
      )}
    </Panel>
  );
}
