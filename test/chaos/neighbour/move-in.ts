import path from 'node:path';
import { startSimulator, type Simulator } from '../../../carrier/server.js';
import type { ApiClient } from '../../../dev/demo/api-client.js';
import type { Stack } from '../../../dev/stack.js';
import { addWorkspace } from '../../support/add-workspace.js';
import { createFilledDraft, writeImportFile } from '../../support/upload-file.js';
import type { ProviderKind } from '../provider.js';
import { NEIGHBOUR_KEY, neighbourCarrierSettings, webhookSecretOf } from './neighbour-carrier.js';
import type { NeighbourPlan } from './plan-neighbour.js';

/** A second workspace in the installation, which has a carrier to itself. */
export type Neighbour = {
  plan: NeighbourPlan;
  provider: ProviderKind;
  /** As the neighbour sees it. */
  stack: Stack;
  call: ApiClient;
  carrier: Simulator;
  /** The batch that it searches, and the file that it uploads. */
  searchedBatchId: string;
  uploadFile: string;
};

const PHONE = '+12025550150';
const FILL_MAX_MS = 120_000;

/** Starts its carrier, whose address the installation has to name. */
export function startNeighbourCarrier(seed: number, provider: ProviderKind): Promise<Simulator> {
  return startSimulator(neighbourCarrierSettings(seed, provider));
}

/** Makes the workspace and what it misbehaves with, before anything is killed. */
export async function moveIn(
  stack: Stack,
  { plan, provider, carrier, dir }: Pick<Neighbour, 'plan' | 'provider' | 'carrier'> & { dir: string },
): Promise<Neighbour> {
  const added = await addWorkspace(
    { stack },
    {
      ...{ name: 'Neighbour', phone: PHONE, concurrencyLimit: plan.concurrencyLimit },
      carrier: {
        url: carrier.url,
        credentials: { apiKey: NEIGHBOUR_KEY, webhookSecret: webhookSecretOf(provider) },
      },
    },
  );
  carrier.configure({ webhookUrl: `${stack.apiUrl}/v1/webhooks/${added.stack.providerAccountId}` });
  const searchedFile = path.join(dir, 'searched.csv');
  await writeImportFile(searchedFile, plan.searchedRows);
  const searchedBatchId = await createFilledDraft(added, {
    ...{ name: 'Searched', file: searchedFile, timeoutMs: FILL_MAX_MS },
  });
  const uploadFile = path.join(dir, 'uploaded.csv');
  await writeImportFile(uploadFile, plan.uploadRows);
  return { ...added, plan, provider, carrier, searchedBatchId, uploadFile };
}
