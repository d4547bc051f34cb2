import { defineOperation } from '../../http/operation.js';

const EVENT_ID = /^\d{1,15}$/;

export const listenOperation = defineOperation({
  id: 'listenToEvents',
  method: 'get',
  path: '/v1/events',
  summary: 'Listen to what changes',
  description: [
    'Server-sent events (`text/event-stream`), by session or key, until the client ends them. `batch`, `import` and `job` have the thing as a GET of it says, `batchDeleted`, `phoneNumber`, `agent` and `providerAccount` its id, `workspace` its limits, slots and stop.',
    'What somebody has changed comes at once, whichever process has changed it; counters at most once a second for each batch, import and job. Each event says how the thing is now: one that comes twice does no harm.',
    '`ready` comes first: what is read after it misses nothing. `reset`: more has changed than can be told, so read anew what you show. `ended`: who listens may do so no longer. A line that begins with a colon comes every 15 seconds.',
    'A client that was cut off sends the id that it heard last as `Last-Event-ID`, as browsers do by themselves, and is told what has changed since.',
  ].join('\n\n'),
  tag: 'events',
  role: 'viewer',
  work: 'live',
  responses: { 200: { description: 'Events, one after the other', contentType: 'text/event-stream' } },
  handler({ req }) {
    const lastId = req.get('last-event-id') ?? '';
    return Promise.resolve({ status: 200, live: { heardAt: EVENT_ID.test(lastId) ? new Date(Number(lastId)) : null } });
  },
});
