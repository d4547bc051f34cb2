/** How one kind of error is told to clients. */
export type ErrorRule = { status: number; title: string; retryable: boolean; advice: string };
