/** What a client is told: its name, and what is sent with it. */
export type LiveEvent = { name: string; data: unknown };

/** More has changed than can be told: what is shown has to be read anew. */
export const RESET: LiveEvent = { name: 'reset', data: {} };

/** One event as `text/event-stream` has it. Its id says until when everything was heard. */
export function textOf(at: Date | null, { name, data }: LiveEvent): string {
  return `${at ? `id: ${at.getTime()}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
