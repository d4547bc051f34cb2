import type { Rooms } from '../store/attempts/settle-attempts.js';

/** Who is asked, and on whose behalf. */
type Asked = { providerAccountId: string; workspaceId: string };

/** Questions that one process has under way at the same time: to one account, of one workspace, and all. */
export const OF_ACCOUNT_MAX = 50;
const OF_WORKSPACE_MAX = 100;
const ALL_MAX = 500;
/** Attempts that are taken in one turn. */
const TAKEN_MAX = 200;

/**
 * How many questions a process may ask now, and of whom. A question that is not answered halves the room of its
 * account; an answered one doubles it. So after a few unanswered questions an account has one question under way at a
 * time, as a probe, and leaves the rest to the other accounts. Once it answers, its room grows again by itself. When an
 * account has its whole room again, nothing about it is kept.
 */
export function createAskingRooms() {
  const narrowed = new Map<string, number>();
  const ofAccount = new Map<string, number>();
  const ofWorkspace = new Map<string, number>();
  let all = 0;
  const roomOf = (account: string): number => narrowed.get(account) ?? OF_ACCOUNT_MAX;
  const count = ({ providerAccountId, workspaceId }: Asked, change: 1 | -1): void => {
    all += change;
    add(ofAccount, providerAccountId, change);
    add(ofWorkspace, workspaceId, change);
  };
  return {
    takenMax: (): number => Math.min(TAKEN_MAX, ALL_MAX - all),

    left(): Rooms {
      const except: Rooms['except'] = {};
      for (const [workspace, asking] of ofWorkspace) except[workspace] = OF_WORKSPACE_MAX - asking;
      for (const account of new Set([...narrowed.keys(), ...ofAccount.keys()]))
        except[account] = roomOf(account) - (ofAccount.get(account) ?? 0);
      return { each: OF_ACCOUNT_MAX, except };
    },

    begin: (asked: Asked): void => count(asked, 1),

    end(asked: Asked, isAnswered: boolean): void {
      count(asked, -1);
      const account = asked.providerAccountId;
      const room = isAnswered ? roomOf(account) * 2 : Math.max(1, Math.floor(roomOf(account) / 2));
      if (room < OF_ACCOUNT_MAX) narrowed.set(account, room);
      else narrowed.delete(account);
    },
  };
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const now = (counts.get(key) ?? 0) + change;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
