import { z } from 'zod';
import { SettingError } from '../settings.js';

/** Whoever is in the group has the role in the workspace, which is named by its public id. */
export type GroupGrant = z.infer<typeof grantSchema>;

/** The identity provider of this installation, and what it is told about us. */
export type OidcSettings = {
  issuer: string;
  clientId: string;
  /** A function, so that the secret is in no object that is logged. */
  clientSecret(): string;
  /** Where the provider sends a browser back to. */
  callbackUrl: string;
  /** The claim that lists the groups of a person. */
  groupsClaim: string;
  grants: readonly GroupGrant[];
};

const CALLBACK_PATH = '/v1/session/oidc/callback';

type OidcTexts = Record<'issuer' | 'clientId' | 'clientSecret' | 'groupsClaim' | 'groups', string | undefined>;
const VARIABLES = {
  issuer: 'DIALWRIGHT_OIDC_ISSUER',
  clientId: 'DIALWRIGHT_OIDC_CLIENT_ID',
  clientSecret: 'DIALWRIGHT_OIDC_CLIENT_SECRET',
} as const;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const TEXT_LENGTH_MAX = 500;
const GRANTS_MAX = 500;
const grantSchema = z.strictObject({
  group: z.string().min(1).max(TEXT_LENGTH_MAX),
  workspace: z.string().regex(/^ws_[0-9a-f]{32}$/),
  role: z.enum(['viewer', 'operator', 'admin']),
});

/** Null when none of the variables is set. @throws SettingError that names the variable */
export function readOidc(texts: OidcTexts, publicUrl: string | null): OidcSettings | null {
  if (Object.values(texts).every((text) => !text)) return null;
  const { issuer = '', clientId = '', clientSecret = '', groupsClaim, groups } = texts;
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const text = texts[name as keyof typeof VARIABLES] ?? '';
    if (text === '')
      throw new SettingError(
        `Set ${variable} too: sign-in by OpenID Connect needs issuer, client id and client secret`,
      );
    if (text.length > TEXT_LENGTH_MAX) throw new SettingError(`${variable} has at most ${TEXT_LENGTH_MAX} characters`);
  }
  if (!isSecureUrl(issuer))
    throw new SettingError(
      `${VARIABLES.issuer} must be the https address of the identity provider, as it names itself, without user name, ? and #, e.g. https://login.example.com (http on loopback only)`,
    );
  if (!isSecureUrl(publicUrl ?? ''))
    throw new SettingError(
      'DIALWRIGHT_PUBLIC_URL must be set, and https (http on loopback only): the identity provider sends browsers back to it',
    );
  return {
    issuer,
    clientId,
    clientSecret: () => clientSecret,
    callbackUrl: `${publicUrl}${CALLBACK_PATH}`,
    groupsClaim: readGroupsClaim(groupsClaim),
    grants: readGrants(groups),
  };
}

function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.search || url.hash || url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

function readGroupsClaim(text: string | undefined): string {
  if (!text) return 'groups';
  if (text.length <= TEXT_LENGTH_MAX) return text;
  throw new SettingError(`DIALWRIGHT_OIDC_GROUPS_CLAIM has at most ${TEXT_LENGTH_MAX} characters`);
}

function readGrants(text: string | undefined): GroupGrant[] {
  if (!text) return [];
  const result = z.array(grantSchema).max(GRANTS_MAX).safeParse(jsonOf(text));
  if (result.success) return result.data;
  const [at = '', field = ''] = result.error.issues[0]?.path ?? [];
  throw new SettingError(
    `DIALWRIGHT_OIDC_GROUPS must be a JSON list of at most ${GRANTS_MAX} such: {"group": "sales", "workspace": "ws_…", "role": "viewer" | "operator" | "admin"}; wrong at ${at === '' ? 'its beginning' : `[${String(at)}] ${String(field)}`.trim()}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
