import type { OidcIdentity } from '../../../store/people/oidc/sign-in-by-oidc.js';
import { emailText } from '../../schemas/member-schemas.js';

/** Whom the provider names, and the person's groups. */
export type ProviderIdentity = OidcIdentity & { groups: readonly string[] };
type Claims = Readonly<Record<string, unknown>>;

const SUBJECT_LENGTH_MAX = 255;
const NAME_LENGTH_MAX = 100;
const GROUPS_MAX = 5_000;

/**
 * What the claims of a checked ID token, and those that the provider tells beside it, say of a person. Null when they name nobody
 * whom we could keep. An address counts only when the same source says that it is verified.
 */
export function readIdentity(token: Claims, more: Claims, groupsClaim: string): ProviderIdentity | null {
  const { iss: issuer, sub: subject } = token;
  if (typeof issuer !== 'string' || !isSubject(subject)) return null;
  const email = emailOf(more['email'] === undefined ? token : more);
  const name = nameOf(more['name'] ?? token['name']) ?? email?.slice(0, NAME_LENGTH_MAX) ?? subject;
  const groups = groupsOf(more[groupsClaim] ?? token[groupsClaim]);
  return { issuer, subject, email, name: name.slice(0, NAME_LENGTH_MAX), groups };
}

function isSubject(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value) && value.length <= SUBJECT_LENGTH_MAX;
}

function emailOf({ email, email_verified: isVerified }: Claims): string | null {
  if (isVerified !== true) return null;
  const parsed = emailText.safeParse(email);
  return parsed.success ? parsed.data : null;
}

function nameOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  // What PostgreSQL cannot keep, or no page shows, is left out.
  const name = value
    .slice(0, NAME_LENGTH_MAX)
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .trim();
  return name === '' ? null : name;
}

/** A list, or one alone. */
function groupsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value.slice(0, GROUPS_MAX) : [value];
  return list.filter((each) => typeof each === 'string');
}
