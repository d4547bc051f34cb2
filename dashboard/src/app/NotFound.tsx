import { Button, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';

export function NotFound() {
  return (
    <Stack align="flex-start">
      <Title order={1}>There is nothing here</Title>
      <Text>The address is not one of the dashboard. Perhaps a part of it is missing.</Text>
      <Button component={Link} to="/batches">
        Go to Batch Calls
      </Button>
    </Stack>
  );
}
