import { Center, Loader } from '@mantine/core';

/** While it is not known yet who is there. */
export function Loading() {
  return (
    <Center h="100dvh">
      <Loader role="progressbar" aria-label="Loading" />
    </Center>
  );
}
