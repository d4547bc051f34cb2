import { PasswordInput } from '@mantine/core';
import type { Schemas } from '../../../api/client.js';

type CredentialFieldsProps = {
  kind: Schemas['ProviderKind'];
  values: Record<string, string>;
  /** What is not entered stays as it is. */
  isChange?: true;
  onChange: (values: Record<string, string>) => void;
};

/** A field for each credential, as the API describes the kind. What is entered is sent once, and shown by nobody. */
export function CredentialFields({ kind, values, isChange, onChange }: CredentialFieldsProps) {
  return (
    <>
      {kind.credentials.map(({ name, title, description, optional }) => (
        <PasswordInput
          key={name}
          label={title}
          description={description}
          placeholder={isChange ? 'As it is' : ''}
          required={!optional && !isChange}
          autoComplete="off"
          value={values[name] ?? ''}
          onChange={(event) => onChange({ ...values, [name]: event.currentTarget.value })}
        />
      ))}
    </>
  );
}
