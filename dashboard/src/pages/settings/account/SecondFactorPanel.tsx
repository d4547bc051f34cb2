import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../../../api/client.js';
import { counted } from '../../../parts/Count.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { Panel } from '../../../parts/Panel.js';
import { OWN_FACTOR } from './own-sessions.js';
import { SetUpFactor } from './SetUpFactor.js';
import { TurnOffFactor } from './TurnOffFactor.js';

/** A code besides the password, from an app. */
export function SecondFactorPanel() {
  const factor = useQuery({
    queryKey: OWN_FACTOR,
    staleTime: 0,
    queryFn: () => answered(api.GET('/v1/session/second-factor')),
  });
  const [asked, setAsked] = useState<'on' | 'off' | null>(null);
  const isOn = factor.data?.status === 'on';
  return (
    <Panel title="Second factor">
      {factor.isLoadingError && <ErrorState error={factor.error} onRetry={() => void factor.refetch()} />}
      {factor.isPending && <Skeleton h={40} aria-label="Loading" />}
      {factor.data && (
        <Group justify="space-between">
          <Text size="sm" flex="1 1 16rem">
            {isOn
              ? `On: a sign-in asks for a code of your app. ${counted(factor.data.recoveryCodesLeft, 'recovery code is', 'recovery codes are')} left.`
              : 'Off. With it, a sign-in asks for a code of an app besides your password.'}
          </Text>
          <Button variant="default" onClick={() => setAsked(isOn ? 'off' : 'on')}>
            {isOn ? 'Turn it off' : 'Set it up'}
          </Button>
        </Group>
      )}
      {asked === 'on' && <SetUpFactor onClose={() => setAsked(null)} />}
      {asked === 'off' && <TurnOffFactor onClose={() => setAsked(null)} />}
    </Panel>
  );
}
