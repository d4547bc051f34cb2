import { createTransport, type NodemailerError } from 'nodemailer';
import { SettingError } from '../settings.js';

/** To one person, who sees the same words as text or as HTML. */
export type Mail = { to: string; subject: string; text: string; html: string };

/** Sends mails. It holds the address of the mail server, so that its password is in no object that is logged. */
export type Mailer = {
  /** The mail server has taken the mail when it returns. @throws MailNotSentError, at the latest after the bound of its maker */
  send(mail: Mail): Promise<void>;
};

/**
 * The mail server has not said that it took the mail. `why` is one sentence for people, without the address of the server.
 * `wasOffered`: whether the mail server has heard of the mail; else it is in no mailbox for sure.
 */
export class MailNotSentError extends Error {
  override readonly name = 'MailNotSentError';
  readonly wasOffered: boolean;
  constructor(
    readonly code: string,
    readonly why: string,
    { cause, wasOffered }: { cause?: unknown; wasOffered: boolean },
  ) {
    super(`a mail was not sent: ${code}`, { cause });
    this.wasOffered = wasOffered;
  }
}

type MailSettings = { url: string | undefined; from: string | undefined; publicUrl: string | null };
type Sender = { name: string; address: string };

const SEND_MAX_MS = 10_000;
/** Each holds a connection; more are refused at once, in place of waiting. */
const AT_ONCE_MAX = 20;
const RESPONSE_BYTES_MAX = 16_384;
const REFUSAL_LENGTH_MAX = 200;
const PORTS: Record<string, number> = { 'smtp:': 587, 'smtps:': 465 };
const FROM = /^(?:([^<>"\p{Cc}]{0,100}) )?<?([^\s<>"@,;:]{1,64}@[^\s<>"@,;:]{1,190})>?$/u;

/** The installation's mailer; null where it sends no mail. @throws SettingError, which does not show the password */
export function readMailer({ url, from, publicUrl }: MailSettings): Mailer | null {
  if (!url && !from) return null;
  if (!url || !from) throw new SettingError('Set DIALWRIGHT_SMTP_URL and DIALWRIGHT_MAIL_FROM both, or neither.');
  if (publicUrl === null) throw new SettingError('Set DIALWRIGHT_PUBLIC_URL too: links in mails lead there.');
  const [, name = '', address] = FROM.exec(from) ?? [];
  if (!address)
    throw new SettingError('DIALWRIGHT_MAIL_FROM must be one address, e.g. Dialwright <dialwright@example.com>');
  return createMailer(url, { name: name.trim(), address });
}

/** `sendMaxMs`: how long one mail may take, from the look-up of the server's name to its last word. */
export function createMailer(url: string, from: Sender, sendMaxMs = SEND_MAX_MS): Mailer {
  const transport = createTransport({
    ...readServer(url),
    maxResponseSize: RESPONSE_BYTES_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let underWay = 0;
  return {
    async send({ to, ...content }) {
      if (underWay >= AT_ONCE_MAX)
        throw new MailNotSentError('EBUSY', `${AT_ONCE_MAX} mails are being sent already; try again.`, {
          wasOffered: false,
        });
      underWay += 1;
      // One bound for all of it: a server that says a word now and then would hold off a bound of its silence.
      const signal = AbortSignal.timeout(sendMaxMs);
      try {
        // As an object: an address is never read as a list of them.
        const receiver = { name: '', address: to };
        await transport.sendMail({
          ...content,
          from,
          to: receiver,
          signal,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (err) {
        throw toNotSent(err as NodemailerError, signal.aborted ? sendMaxMs : null);
      } finally {
        underWay -= 1;
      }
    },
  };
}

function readServer(text: string) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const port = url && PORTS[url.protocol];
  const isPlain = url && /^\/?$/.test(url.pathname) && !url.search && !url.hash;
  if (!url?.hostname || !port || !isPlain || (url.username === '') !== (url.password === '')) throw wrongAddress();
  const secure = url.protocol === 'smtps:';
  const server = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || port), secure };
  if (!url.username) return server;
  // A password is sent through TLS only.
  return { ...server, requireTLS: !secure, auth: { user: decoded(url.username), pass: decoded(url.password) } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongAddress();
  }
}

function wrongAddress(): SettingError {
  return new SettingError(
    'DIALWRIGHT_SMTP_URL must be the address of a mail server, e.g. smtp://mail.internal:25 or smtps://user:password@mail.example.com:465, with what is special in user and password as %40',
  );
}

/** What goes wrong once there is a connection, and before a mail is offered. */
const BEFORE_THE_MAIL: readonly string[] = ['EAUTH', 'ENOAUTH', 'ETLS'];

function toNotSent(err: NodemailerError, timedOutAfterMs: number | null): MailNotSentError {
  if (timedOutAfterMs !== null)
    return new MailNotSentError('ETIMEDOUT', `The mail server did not take it within ${timedOutAfterMs / 1_000} s.`, {
      cause: err,
      wasOffered: true,
    });
  const code = err.code ?? 'UNKNOWN';
  const wasOffered = err.command !== 'CONN' && !BEFORE_THE_MAIL.includes(code);
  return new MailNotSentError(code, wordsFor(code, err), { cause: err, wasOffered });
}

function wordsFor(code: string, { response, responseCode }: NodemailerError): string {
  // What it says to a user name and a password could hold them.
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'The mail server refused the user name and password that are set.';
  if (code === 'ETLS') return 'The mail server offers no TLS, or its certificate is not valid.';
  if (code === 'ETIMEDOUT') return 'The mail server did not answer in time.';
  if (responseCode !== undefined && response) return `The mail server refused it: ${oneLine(response)}`;
  if (code === 'ESOCKET' || code === 'ECONNECTION' || code === 'EDNS') return 'The mail server cannot be reached.';
  return 'The mail could not be sent.';
}

/** Of what another side says the first line, in characters that do nothing. */
function oneLine(text: string): string {
  return (text.split(/[\r\n]/)[0] ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, REFUSAL_LENGTH_MAX);
}
