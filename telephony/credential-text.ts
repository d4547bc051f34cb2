import { z } from 'zod';

/** Goes into a header, so that it holds nothing that a header cannot. */
export const CREDENTIAL_TEXT = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,1000}$/, 'must have 1 to 1000 visible ASCII characters, without spaces');

/** A credential of a kind of provider, with the label and the help that a form shows. */
export function credentialText({ title, description }: { title: string; description: string }) {
  return CREDENTIAL_TEXT.meta({ title, description, writeOnly: true });
}
