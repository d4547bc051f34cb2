/** What docs/guide.md shows, as one program: `DIALWRIGHT_URL=… DIALWRIGHT_KEY=… npx tsx examples/first-batch.ts` */
import { answered, createDialwright, DialwrightError, everyOf } from '../client/index.js';

const dialwright = createDialwright({
  url: process.env['DIALWRIGHT_URL'] ?? 'http://127.0.0.1:3000',
  key: process.env['DIALWRIGHT_KEY'] ?? '',
});
const { api } = dialwright;

const numbers = await answered(api.GET('/v1/phone-numbers', { params: { query: { limit: 1 } } }));
const [number] = numbers.data;
if (!number) throw new Error('Register a phone number first.');

const allDay = [['00:00', '24:00']];
const batch = await answered(
  api.POST('/v1/batches', {
    body: {
      name: 'Reminders',
      fromNumberId: number.id,
      timeZone: 'Europe/Madrid',
      window: {
        monday: allDay,
        tuesday: allDay,
        wednesday: allDay,
        thursday: allDay,
        friday: allDay,
        saturday: allDay,
        sunday: allDay,
      },
    },
  }),
);

const csv = 'phone_number,name,city\n+12025550111,Ada,London\n(202) 555-0112,Grace,New York\nnonsense,Bad,Nowhere\n';
const uploaded = await dialwright.uploadRecipients(
  batch.id,
  { name: 'people.csv', content: new Blob([csv]) },
  {
    query: { defaultCountry: 'US' },
    onProgress: (sentBytes, totalBytes) => console.log(`${sentBytes} of ${totalBytes} bytes`),
  },
);
console.log(`${uploaded.acceptedRows} accepted, ${uploaded.rejectedRows} rejected`);

const rejected = everyOf((cursor) =>
  api.GET('/v1/imports/{importId}/rows', {
    params: { path: { importId: uploaded.id }, query: { status: 'REJECTED', ...(cursor && { cursor }) } },
  }),
);
for await (const { rowNumber, problems } of rejected) console.log(rowNumber, problems[0]?.message);

await answered(api.POST('/v1/imports/{importId}/confirm', { params: { path: { importId: uploaded.id } }, body: {} }));

const done = new AbortController();
const events = dialwright.listen({ signal: done.signal });
await events.next(); // `ready`: nothing that happens from here on is missed
const params = { path: { batchId: batch.id } };
await answered(api.POST('/v1/batches/{batchId}/submit', { params }));
for await (const { name, data } of events) {
  if (name !== 'batch' || data['id'] !== batch.id) continue;
  console.log(data['status'], data['counters']);
  if (data['status'] === 'COMPLETED') done.abort();
}

const people = everyOf((cursor) =>
  api.GET('/v1/batches/{batchId}/recipients', { params: { ...params, query: { ...(cursor && { cursor }) } } }),
);
for await (const { name, phoneNumber, status } of people) console.log(name, phoneNumber, status);

try {
  await answered(api.POST('/v1/batches/{batchId}/pause', { params }));
} catch (err) {
  if (!(err instanceof DialwrightError)) throw err;
  console.log(err.code, err.message, err.problem.requestId);
}
