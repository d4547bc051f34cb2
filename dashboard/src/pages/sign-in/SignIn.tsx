import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, DialwrightError } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { wordsOf } from '../../parts/ErrorState.js';
import { EntryCard } from './EntryCard.js';

/** Signs in with e-mail address and password, and a code where the person has a second factor. */
export function SignIn() {
  const client = useQueryClient();
  const [wantsCode, setWantsCode] = useState(false);
  const [isLost, setLost] = useState(false);
  const form = useForm({
    initialValues: { email: '', password: '', code: '' },
    validate: {
      email: (text) => (/\S@\S/.test(text) ? null : 'Enter your e-mail address.'),
      password: (text) => (text === '' ? 'Enter your password.' : null),
      code: (text) => (wantsCode && text.trim() === '' ? 'Enter the code that your app shows.' : null),
    },
  });
  const signIn = useMutation({
    mutationFn: ({ email, password, code }: typeof form.values) =>
      answered(api.POST('/v1/session', { body: { email, password, ...(wantsCode && { code: code.trim() }) } })),
    onSuccess: (session) => client.setQueryData(keys.session, session),
    onError: (err) => {
      if (err instanceof DialwrightError && err.code === 'second_factor_wanted') setWantsCode(true);
    },
  });
  const isRefused =
    signIn.isError && !(signIn.error instanceof DialwrightError && signIn.error.code === 'second_factor_wanted');
  if (isLost) return <LostPassword email={form.values.email} onBack={() => setLost(false)} />;
  return (
    <EntryCard title="Sign in">
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
        <Stack>
          {isRefused && (
            <Alert color="red" role="alert">
              {wordsOf(signIn.error)}
            </Alert>
          )}
          <TextInput label="E-mail address" type="email" autoComplete="username" {...form.getInputProps('email')} />
          <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
          {wantsCode && (
            <TextInput
              label="Code"
              description="Of your app, or a recovery code"
              autoComplete="one-time-code"
              autoFocus
              {...form.getInputProps('code')}
            />
          )}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setLost(true)}>
            I have forgotten my password
          </Anchor>
        </Stack>
      </form>
    </EntryCard>
  );
}

function LostPassword({ email, onBack }: { email: string; onBack: () => void }) {
  const form = useForm({ initialValues: { email } });
  const ask = useMutation({
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
