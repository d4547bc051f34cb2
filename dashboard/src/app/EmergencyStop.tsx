import { Alert, Group, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { lazyPart } from '../api/lazy-part.js';
import { useWorkspace } from '../api/queries.js';
import { Moment } from '../parts/Moment.js';
import { ReasonedButton } from '../parts/ReasonedButton.js';
import { roleLacks, useRoleLacks, useSignedIn } from './session.js';

const AskToStop = lazyPart(async () => (await import('./StopDialogs.js')).AskToStop);
const AskToLift = lazyPart(async () => (await import('./StopDialogs.js')).AskToLift);

/** In the header of every page: stops all calling of the workspace. */
export function EmergencyStop() {
  const workspace = useWorkspace().data;
  const whyNot = useRoleLacks('operator');
  const [isAsked, setAsked] = useState(false);
  if (!workspace || workspace.stoppedAt !== null) return null;
  return (
    <>
      <ReasonedButton
        size="xs"
        variant="outline"
        color="red"
        whyNot={whyNot}
        leftSection={<IconHandStop size={16} aria-hidden />}
        aria-label="Emergency stop"
        onClick={() => setAsked(true)}
      >
        <Text span inherit visibleFrom="sm">
          Emergency stop
        </Text>
        <Text span inherit hiddenFrom="sm">
          Stop
        </Text>
      </ReasonedButton>
      <Suspense>{isAsked && <AskToStop name={workspace.name} onClose={() => setAsked(false)} />}</Suspense>
    </>
  );
}

/** Over every page while the stop is on. */
export function StopBar() {
  const workspace = useWorkspace().data;
  const { role } = useSignedIn().member;
  const [isAsked, setAsked] = useState(false);
  if (!workspace || workspace.stoppedAt === null) return null;
  return (
    <Alert color="red" variant="filled" mb="md" icon={<IconHandStop aria-hidden />} title="All calling is stopped">
      <Group justify="space-between">
        <Text size="sm">
          {workspace.stoppedBy ?? 'Somebody'} stopped it <Moment at={workspace.stoppedAt} />
          {workspace.stopReason !== null && (
            <>
              : <bdi dir="auto">{workspace.stopReason}</bdi>
            </>
          )}
          . No call starts; calls that are live go on.
        </Text>
        <ReasonedButton
          color="gray"
          variant="white"
          whyNot={roleLacks(role, workspace.stoppedByRole ?? 'admin')}
          onClick={() => setAsked(true)}
        >
          Start calling again
        </ReasonedButton>
      </Group>
      <Suspense>{isAsked && <AskToLift onClose={() => setAsked(false)} />}</Suspense>
    </Alert>
  );
}
