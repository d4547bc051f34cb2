import { withoutInvisible } from '../invisible.js';

/** `invitation`: of who is not in yet. `reset`: an admin made it. `forgotten`: somebody asked for it, who is not known. */
type LinkMail =
  | { kind: 'invitation' | 'reset'; link: string; workspaceName: string; byName: string }
  | { kind: 'forgotten'; link: string };

/** A name in a mail is as long at most, whatever was stored. */
const NAME_LENGTH_MAX = 100;

const QUOTED = 'What is in quotes was written by people, not by Dialwright.';
const ONCE = 'The link is good once, and for a day. Give it to nobody: whoever has it gets in as you.';

/** The mail that carries a link, with the same words as text and as HTML. Names are anybody's text: they stay in one line, are no HTML and no links, and are in quotes. */
export function writeLinkMail(mail: LinkMail): { subject: string; text: string; html: string } {
  const { subject, before, after } = wordsOf(mail);
  const address = escapeHtml(mail.link);
  const paragraphs = [before, ONCE, after].map((words) => `<p>${escapeHtml(words)}</p>`);
  paragraphs.splice(1, 0, `<p><a href="${address}">${address}</a></p>`);
  return {
    subject,
    text: `${[before, mail.link, ONCE, after].join('\n\n')}\n`,
    html: `<!doctype html><html><body>${paragraphs.join('')}</body></html>`,
  };
}

function wordsOf(mail: LinkMail): { subject: string; before: string; after: string } {
  if (mail.kind === 'forgotten')
    return {
      subject: 'Choose another password for Dialwright',
      before: 'Somebody, probably you, has asked for a link by which you choose another password for Dialwright:',
      after: 'Until you do, your password and your sessions stay as they are. If it was not you, do nothing.',
    };
  const [byName, workspaceName] = [toShown(mail.byName), toShown(mail.workspaceName)];
  if (mail.kind === 'reset')
    return {
      subject: 'Choose another password for Dialwright',
      before: `“${byName}” has made a link for you, by which you choose another password for the workspace “${workspaceName}” of Dialwright:`,
      after: `All your sessions end when you do. If you expected no such link, ask before you use it. ${QUOTED}`,
    };
  return {
    subject: 'An invitation to Dialwright',
    before: `“${byName}” invites you to the workspace “${workspaceName}” of Dialwright. Get in by this link:`,
    after: `If you expected no invitation, do nothing. ${QUOTED}`,
  };
}

/** In one line, without what ends the quotes and what makes a mail program see an address: dots and signs inside of words. */
function toShown(name: string): string {
  const bare = withoutInvisible(name.replace(/[\p{Cc}\p{Z}]+/gu, ' ')).replace(/["“”„‟«»]/g, '');
  const line = bare
    .replace(/[.．。｡:：/／\\@＠](?=[^\s.])/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return [...line].slice(0, NAME_LENGTH_MAX).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
