import type { Operation } from './operation.js';
import { createAgentOperation } from './routes/agents/create.js';
import { getAgentOperation } from './routes/agents/get.js';
import { listAgentsOperation } from './routes/agents/list.js';
import { updateAgentOperation } from './routes/agents/update.js';
import { cancelBatchOperation } from './routes/batches/cancel.js';
import { getCountersOperation } from './routes/batches/counters.js';
import { createBatchOperation } from './routes/batches/create.js';
import { deleteBatchOperation } from './routes/batches/delete.js';
import { getBatchOperation } from './routes/batches/get.js';
import { listBatchesOperation } from './routes/batches/list.js';
import { pauseBatchOperation } from './routes/batches/pause.js';
import { renameBatchOperation } from './routes/batches/rename.js';
import { resumeBatchOperation } from './routes/batches/resume.js';
import { retryBatchOperation } from './routes/batches/retry.js';
import { getRunOperation } from './routes/batches/run.js';
import { submitBatchOperation } from './routes/batches/submit.js';
import { updateBatchOperation } from './routes/batches/update.js';
import { confirmImportOperation } from './routes/imports/confirm.js';
import { createImportOperation } from './routes/imports/create.js';
import { discardImportOperation } from './routes/imports/discard.js';
import { getImportOperation } from './routes/imports/get.js';
import { listImportRowsOperation } from './routes/imports/list-rows.js';
import { getTemplateOperation } from './routes/imports/template.js';
import { getHealthOperation } from './routes/operations/healthz.js';
import { getOpenApiOperation } from './routes/operations/openapi.js';
import { getReadinessOperation } from './routes/operations/readyz.js';
import { createPhoneNumberOperation } from './routes/phone-numbers/create.js';
import { getPhoneNumberOperation } from './routes/phone-numbers/get.js';
import { listPhoneNumbersOperation } from './routes/phone-numbers/list.js';
import { updatePhoneNumberOperation } from './routes/phone-numbers/update.js';
import { listProviderAccountsOperation } from './routes/provider-accounts/list.js';
import { addRecipientsOperation } from './routes/recipients/add.js';
import { getRecipientOperation } from './routes/recipients/get.js';
import { listRecipientsOperation } from './routes/recipients/list.js';
import { searchRecipientsOperation } from './routes/recipients/search.js';
import { receiveWebhookOperation } from './routes/webhooks/receive.js';
import { getWorkspaceOperation } from './routes/workspace/get.js';

/** The only list of paths. A fixed path comes before one with an id that it would match. */
export const operations: readonly Operation[] = [
  receiveWebhookOperation,

  createBatchOperation,
  listBatchesOperation,
  getBatchOperation,
  updateBatchOperation,
  deleteBatchOperation,
  submitBatchOperation,
  pauseBatchOperation,
  resumeBatchOperation,
  cancelBatchOperation,
  retryBatchOperation,
  renameBatchOperation,
  getCountersOperation,
  getRunOperation,

  addRecipientsOperation,
  listRecipientsOperation,
  searchRecipientsOperation,
  getRecipientOperation,

  createImportOperation,
  getTemplateOperation,
  getImportOperation,
  listImportRowsOperation,
  confirmImportOperation,
  discardImportOperation,

  listAgentsOperation,
  createAgentOperation,
  getAgentOperation,
  updateAgentOperation,
  listPhoneNumbersOperation,
  createPhoneNumberOperation,
  getPhoneNumberOperation,
  updatePhoneNumberOperation,
  listProviderAccountsOperation,
  getWorkspaceOperation,

  getHealthOperation,
  getReadinessOperation,
  getOpenApiOperation,
];
