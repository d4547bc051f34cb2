/** Why the page itself did not do something, in the words that a person reads. What else fails is a connection, or a fault. */
export class PageError extends Error {
  override name = 'PageError';
}
