import { linkAddress } from '../../../domain/people/link-address.js';
import { writeLinkMail } from '../../../domain/people/link-mail.js';
import { MailNotSentError } from '../../../platform/mail/mailer.js';
import { noteMailed, type MemberRecord } from '../../../store/people/members.js';
import { readWorkspaceName } from '../../../store/workspaces/workspaces.js';
import type { Auth, RequestDeps } from '../../http/operation.js';

type LinkDeps = Pick<RequestDeps, 'db' | 'config' | 'logger' | 'mailLimits'>;
/** One of `link` and `sentTo` is there, if there is a link. `notSentBecause`: where a mail was tried, and not sent. */
type HandedOver = { link: string | null; sentTo: string | null; notSentBecause: string | null };

/**
 * Gives a link to its member: by mail, where the installation sends mails; else, or when that fails, to who asks. The link is
 * stored already. When the process dies meanwhile, another link is made, and the first one is of no use after a day.
 */
export async function handOverLink(
  { db, config, logger, mailLimits }: LinkDeps,
  { workspaceId, actor }: Pick<Auth, 'workspaceId' | 'actor'>,
  { member, token }: { member: MemberRecord; token: string | null },
): Promise<HandedOver> {
  const { mailer } = config;
  if (token === null) return { link: null, sentTo: null, notSentBecause: null };
  const link = linkAddress(config, token);
  if (!mailer) return { link, sentTo: null, notSentBecause: null };
  const workspaceName = await readWorkspaceName(db, workspaceId);
  const kind = member.acceptedAt ? 'reset' : 'invitation';
  // Before it is sent, since it may be spent at once. When the process dies meanwhile, it was in no answer either.
  await noteMailed(db.pool, token, true);
  let takeBack: (() => Promise<void>) | null = null;
  try {
    takeBack = await mailLimits.take(workspaceId, member.email);
    await mailer.send({ to: member.email, ...writeLinkMail({ kind, link, workspaceName, byName: actor.name }) });
    return { link: null, sentTo: member.email, notSentBecause: null };
  } catch (err) {
    if (!(err instanceof MailNotSentError)) throw err;
    if (!err.wasOffered) await takeBack?.();
    logger.warn({ err }, 'a link was not sent by mail; it is in the answer');
    // The mail may have come all the same, and its link be spent: then there is none to show.
    const isGood = await noteMailed(db.pool, token, false);
    return { link: isGood ? link : null, sentTo: null, notSentBecause: err.why };
  }
}
