const MESSAGE_LENGTH_MAX = 200;
/** Printable, and on one line. */
const MESSAGE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/**
 * What is told of a refusal, where people see it: its status, and the message of an answer that has the form of the
 * provider's own errors. Anything else may be another server's text, which is nobody's to read.
 */
export function describeRefusal(status: number, message: string | undefined): string {
  const isTold = message !== undefined && message.length <= MESSAGE_LENGTH_MAX && MESSAGE.test(message);
  return isTold ? `${status} ${message}` : `${status}`;
}
