import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { wordsOf } from '../../parts/ErrorState.js';
import { EntryCard } from './EntryCard.js';
import { SignInForm } from './SignInForm.js';

/** The way in, and to a new password. */
export function SignIn() {
  const client = useQueryClient();
  const [lost, setLost] = useState<string | null>(null);
  if (lost !== null) return <LostPassword email={lost} onBack={() => setLost(null)} />;
  return (
    <EntryCard title="Sign in">
      <SignInForm email="" onSignedIn={(session) => client.setQueryData(keys.session, session)} onLost={setLost} />
    </EntryCard>
  );
}

function LostPassword({ email, onBack }: { email: string; onBack: () => void }) {
  const form = useForm({ initialValues: { email } });
  const ask = useGuardedMutation({
    mutationFn: (values: typeof form.values) => answered(api.POST('/v1/password-links', { body: values })),
  });
  return (
    <EntryCard title="A new password">
      <form onSubmit={form.onSubmit((values) => ask.mutate(values))}>
        <Stack>
          {ask.isSuccess && (
            <Alert role="status">If the address has an account here, a link is on its way to it.</Alert>
          )}
          {ask.isError && (
            <Alert color="red" role="alert">
              {wordsOf(ask.error)}
            </Alert>
          )}
          <Text size="sm">A link comes by mail. It is good once, and for a day. An admin can give you one, too.</Text>
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            {...form.getInputProps('email')}
          />
          <Button type="submit" loading={ask.isPending}>
            Send me a link
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={onBack}>
            Back to sign in
          </Anchor>
        </Stack>
      </form>
    </EntryCard>
  );
}
