import { Anchor, Popover, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api, type Batch } from '../../api/client.js';
import { counted } from '../../parts/Count.js';
import { ownZone, writeMoment } from '../../parts/moments.js';

const AGAIN_MS = 15_000;

/** What holds back those for whom the sentence does not speak: how many reasons, and each with its recipients. */
export function OtherReasons({ batch }: { batch: Batch }) {
  const { recipients } = batch.counters;
  const isAsked = batch.status === 'RUNNING' && recipients.PENDING + recipients.QUEUED > 0;
  const why = useQuery({
    queryKey: ['batch', batch.id, 'why'],
    enabled: isAsked,
    refetchInterval: AGAIN_MS,
    queryFn: () => answered(api.GET('/v1/batches/{batchId}/why', { params: { path: { batchId: batch.id } } })),
  });
  const others = isAsked ? (why.data?.blocked.filter(({ gate }) => gate !== why.data.reason) ?? []) : [];
  if (others.length === 0) return null;
  const zone = batch.timeZone ?? ownZone;
  return (
    <Popover width={340} withArrow shadow="md" returnFocus>
      <Popover.Target>
        <Anchor component="button" type="button" size="sm">
          and {counted(others.length, 'more reason', 'more reasons')}
        </Anchor>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Other reasons">
          {others.map(({ gate, recipients: held, message, until }) => (
            <Text key={gate} size="sm" component="li">
              {counted(held, 'recipient', 'recipients')}: {message}
              {until && ` Until ${writeMoment(until, zone)}.`}
            </Text>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
