/** What the API answers about a batch, as far as the demo reads it. */
export type Batch = { id: string; status: string; counters: Counters };
export type Counters = { recipients: Record<string, number> & { total: number }; attempts: Record<string, number> };
