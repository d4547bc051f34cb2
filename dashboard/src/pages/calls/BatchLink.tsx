import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

/** The batch of a call, by its name. */
export function BatchLink({ batch: { id, name } }: { batch: { id: string; name: string } }) {
  return (
    <Anchor component={Link} to={`/batches/${id}`} size="sm" truncate display="block" title={name}>
      <bdi dir="auto">{name}</bdi>
    </Anchor>
  );
}
