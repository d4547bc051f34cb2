/** What the API says of a request that it did not do: RFC 9457, with a stable `code`. */
export type Problem = {
  code: string;
  title: string;
  status: number;
  detail?: string;
  requestId?: string;
  /** Of each field that was not right. */
  errors?: { field: string; code: string; message: string }[];
};

/** The API has refused a request, or could not do it. */
export class DialwrightError extends Error {
  override name = 'DialwrightError';
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.problem = problem;
  }

  /** Stable: programs decide by it. */
  get code(): string {
    return this.problem.code;
  }
}

/** Of an answer that is not one of ours, as a proxy gives it. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  return { code: 'unknown', title: `HTTP ${status}`, status };
}
