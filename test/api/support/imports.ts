import { send, type Received, type TestApi } from './test-api.js';

/** Uploads a CSV that is read, and gives the id of its import. */
export async function uploadCsv(
  api: TestApi,
  batchId: string,
  content: string,
  query: Record<string, string> = {},
): Promise<string> {
  const file = { name: 'people.csv', content };
  const { status, body } = await send(api, 'createImport', { params: { batchId }, file, query });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}

export const confirmImport = (api: TestApi, importId: string, json: unknown = {}): Promise<Received> =>
  send(api, 'confirmImport', { params: { importId }, json });
export const importOf = async (api: TestApi, importId: string) =>
  (await send(api, 'getImport', { params: { importId } })).body;
export const rowsOf = async (api: TestApi, importId: string, accepted: boolean) =>
  (await send(api, 'listImportRows', { params: { importId }, query: { accepted: String(accepted) } })).body.data;
export const recipientsOf = async (api: TestApi, batchId: string) =>
  (await send(api, 'listRecipients', { params: { batchId } })).body.data;
