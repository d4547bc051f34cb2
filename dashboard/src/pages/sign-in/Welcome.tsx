import '../../app/mantine-styles-of-pages.js';
import { Alert, Button, PasswordInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { answered, api, DialwrightError } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { wordsOf } from '../../parts/ErrorState.js';
import { EntryCard } from './EntryCard.js';

/** A link gets somebody in: with a password of their choice, or the one that they have here already. */
export function Welcome({ token }: { token: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [wantsCode, setWantsCode] = useState(false);
  const form = useForm({
    initialValues: { password: '', code: '', choosesNew: false },
    validate: { password: (text) => (text === '' ? 'Enter a password.' : null) },
  });
  const spend = useGuardedMutation({
    mutationFn: ({ password, code, choosesNew }: typeof form.values) => {
      const body = {
        token,
        password,
        ...(code.trim() !== '' && { code: code.trim() }),
        ...(choosesNew && { choosesNew }),
      };
      return answered(api.POST('/v1/links/spend', { body }));
    },
    onSuccess: async (session) => {
      client.setQueryData(keys.session, session);
      await navigate('/batches', { replace: true });
    },
    onError: (err) => {
      if (err instanceof DialwrightError && err.code === 'second_factor_wanted') setWantsCode(true);
    },
  });
  return (
    <EntryCard title="Welcome">
      <form onSubmit={form.onSubmit((values) => spend.mutate(values))} noValidate>
        <Stack>
          <Text size="sm">
            Choose a password, of 12 characters at least. Have you one in this installation already? Then give that one.
          </Text>
          {spend.isError && (
            <Alert color="red" role="alert">
              {problemsOf(spend.error)}
            </Alert>
          )}
          <PasswordInput label="Password" autoComplete="new-password" autoFocus {...form.getInputProps('password')} />
          {wantsCode && (
            <TextInput
              label="Code of your second factor"
              autoComplete="one-time-code"
              {...form.getInputProps('code')}
            />
          )}
          <Switch
            label="I have forgotten mine: this is a new one"
            description="Only by a link that came by mail"
            {...form.getInputProps('choosesNew', { type: 'checkbox' })}
          />
          <Button type="submit" loading={spend.isPending}>
            Continue
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}

function problemsOf(error: Error): string {
  const fields = error instanceof DialwrightError ? (error.problem.errors ?? []) : [];
  return fields.map(({ message }) => message).join(' ') || wordsOf(error);
}
