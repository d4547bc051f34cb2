import { parsePublicId } from '../../domain/ids.js';
import { linkAddress } from '../../domain/people/link-address.js';
import { openDatabase } from '../../store/database.js';
import { createLink, inviteMember } from '../../store/people/members.js';

export const DEMO_ADMIN = 'demo@dialwright.localhost';

type DemoStack = { databaseUrl: string; workspaceId: string; apiUrl: string };

/**
 * A link by which a person signs in as the admin of the demo workspace, once and within a day, with a password of their choice.
 * The member is made at the first start; each start makes another link.
 */
export async function makeDemoLink({ databaseUrl, workspaceId: shown, apiUrl }: DemoStack): Promise<string> {
  const workspaceId = parsePublicId('workspace', shown);
  if (!workspaceId) throw new Error(`${shown} is no id of a workspace`);
  const db = openDatabase({ url: databaseUrl, connectionsMax: 1 });
  try {
    const asked = { workspaceId, actor: 'setup', commandId: null };
    const admin = { id: null, email: DEMO_ADMIN, name: 'Demo admin', role: 'admin' } as const;
    const { id } = await inviteMember(db.pool, asked, admin);
    const made = await createLink(db.pool, asked, id);
    if (made.is !== 'MADE') throw new Error(`no link was made for ${DEMO_ADMIN}: ${made.is}`);
    // Somebody's own setting comes first, as for the API.
    return linkAddress({ publicUrl: process.env['DIALWRIGHT_PUBLIC_URL'] || apiUrl }, made.token);
  } finally {
    await db.close();
  }
}
