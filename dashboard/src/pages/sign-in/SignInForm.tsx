import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { answered, api, DialwrightError, type Schemas } from '../../api/client.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { wordsOf } from '../../parts/ErrorState.js';

type SignInFormProps = {
  /** Of who was signed in; empty: nobody. */
  email: string;
  onSignedIn: (session: Schemas['Session']) => void;
  /** Left out where there is no place for a new password. */
  onLost?: (email: string) => void;
};

/** E-mail address and password, and a code where the person has a second factor. */
export function SignInForm({ email: known, onSignedIn, onLost }: SignInFormProps) {
  const [wantsCode, setWantsCode] = useState(false);
  const form = useForm({
    initialValues: { email: known, password: '', code: '' },
    validate: {
      email: (text) => (/\S@\S/.test(text) ? null : 'Enter your e-mail address.'),
      password: (text) => (text === '' ? 'Enter your password.' : null),
      code: (text) => (wantsCode && text.trim() === '' ? 'Enter the code that your app shows.' : null),
    },
  });
  const signIn = useGuardedMutation({
    mutationFn: ({ email, password, code }: typeof form.values) =>
      answered(api.POST('/v1/session', { body: { email, password, ...(wantsCode && { code: code.trim() }) } })),
    onSuccess: onSignedIn,
    onError: (err) => {
      if (isCodeWanted(err)) setWantsCode(true);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
      <Stack>
        {signIn.isError && !isCodeWanted(signIn.error) && (
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
        {onLost && (
          <Anchor component="button" type="button" size="sm" onClick={() => onLost(form.values.email)}>
            I have forgotten my password
          </Anchor>
        )}
      </Stack>
    </form>
  );
}

function isCodeWanted(err: Error): boolean {
  return err instanceof DialwrightError && err.code === 'second_factor_wanted';
}
