import { toApiError } from '../problem.js';
import type { Answer, RequestDeps } from '../operation.js';

type PageDeps = Pick<RequestDeps, 'config' | 'logger'>;
/** Where a browser goes next, and the cookie that it is given. */
type Next = { location: string; cookie?: string };

/**
 * The answer to what a person opens in the address bar: always a redirect, to where `work` says, or to the sign-in page with the code
 * of what was wrong. Nothing of the request is in that address.
 */
export async function toPage(deps: PageDeps, work: () => Promise<Next>): Promise<Answer> {
  try {
    const { location, cookie } = await work();
    return { status: 302, headers: { Location: location, ...(cookie !== undefined && { 'Set-Cookie': cookie }) } };
  } catch (thrown) {
    const problem = toApiError(thrown);
    const { code, status, detail, cause: err = problem } = problem;
    const facts = { code, ...detail };
    if (status >= 500) deps.logger.error({ ...facts, err }, 'sign-in failed');
    else deps.logger.info(facts, 'sign-in refused');
    return { status: 302, headers: { Location: `${homePage(deps)}#/sign-in?problem=${code}` } };
  }
}

/** The first page of this installation. */
export function homePage({ config }: Pick<PageDeps, 'config'>): string {
  return `${config.publicUrl ?? ''}/`;
}
