import { Button, Container, Stack, Text, Title } from '@mantine/core';

/** What is shown when a page could not be drawn, or its code not loaded: after a new release its old files are gone. */
export function ErrorPage() {
  return (
    <Container size="sm" py="xl">
      <Stack align="flex-start">
        <Title order={1}>The page could not be shown</Title>
        <Text>
          Nothing was changed. Load it again; if that does not help, tell the person who runs Dialwright for you.
        </Text>
        <Button onClick={() => window.location.reload()}>Load again</Button>
      </Stack>
    </Container>
  );
}
