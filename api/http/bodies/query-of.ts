import type { Request } from 'express';

/** The query as it was sent, with its `?`. By text: an address in absolute form may name a host that no URL has. */
export function queryOf({ originalUrl }: Pick<Request, 'originalUrl'>): string {
  const at = originalUrl.indexOf('?');
  return at < 0 ? '' : originalUrl.slice(at);
}
