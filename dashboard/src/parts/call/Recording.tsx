import { Group, SegmentedControl, Text } from '@mantine/core';
import { useRef, useState } from 'react';

const SPEEDS = ['1', '1.25', '1.5', '2'] as const;

/** Plays the recording of a call. Nothing is fetched before somebody plays it: the provider is asked then, and the audit has it. */
export function Recording({ callId }: { callId: string }) {
  const player = useRef<HTMLAudioElement>(null);
  const [speed, setSpeed] = useState<string>('1');
  const [isBroken, setBroken] = useState(false);
  const choose = (next: string): void => {
    setSpeed(next);
    if (player.current) player.current.playbackRate = Number(next);
  };
  if (isBroken)
    return (
      <Text size="sm" c="dimmed" role="status">
        The recording cannot be played: the provider does not give it any more, or does not answer now.
      </Text>
    );
  return (
    <Group gap="xs">
      {/* There is no text track: what was said is in the transcript beside it. */}
      <audio
        ref={player}
        controls
        preload="none"
        src={`/v1/calls/${callId}/recording`}
        aria-label="Recording of the call"
        style={{ flex: '1 1 16rem', minInlineSize: 0 }}
        onError={() => setBroken(true)}
        // A new source begins at the usual speed.
        onLoadedMetadata={() => choose(speed)}
      />
      <SegmentedControl
        size="xs"
        aria-label="Speed"
        value={speed}
        onChange={choose}
        data={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
      />
    </Group>
  );
}
