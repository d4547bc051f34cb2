import type { Operation } from './operation.js';
import { createAgentOperation } from './routes/agents/create.js';
import { getAgentOperation } from './routes/agents/get.js';
import { listAgentsOperation } from './routes/agents/list.js';
import { updateAgentOperation } from './routes/agents/update.js';
import { hangUpOperation } from './routes/attempts/hang-up.js';
import { giveVerdictOperation } from './routes/attempts/verdict.js';
import { cancelBatchOperation } from './routes/batches/cancel.js';
import { getCountersOperation } from './routes/batches/counters.js';
import { createBatchOperation } from './routes/batches/create.js';
import { deleteBatchOperation } from './routes/batches/delete.js';
import { duplicateBatchOperation } from './routes/batches/duplicate.js';
import { getBatchOperation } from './routes/batches/get.js';
import { listBatchesOperation } from './routes/batches/list.js';
import { listBatchEventsOperation } from './routes/batches/list-events.js';
import { pauseBatchOperation } from './routes/batches/pause.js';
import { renameBatchOperation } from './routes/batches/rename.js';
import { getResultsOperation } from './routes/batches/results.js';
import { resumeBatchOperation } from './routes/batches/resume.js';
import { retryBatchOperation } from './routes/batches/retry.js';
import { getRunOperation } from './routes/batches/run.js';
import { submitBatchOperation } from './routes/batches/submit.js';
import { updateBatchOperation } from './routes/batches/update.js';
import { getWhyOperation } from './routes/batches/why.js';
import { preflightOperation } from './routes/batches/preflight.js';
import { confirmImportOperation } from './routes/imports/confirm.js';
import { createImportOperation } from './routes/imports/create.js';
import { discardImportOperation } from './routes/imports/discard.js';
import { listDuplicatesOperation } from './routes/imports/duplicates.js';
import { editImportRowOperation } from './routes/imports/edit-row.js';
import { getImportOperation } from './routes/imports/get.js';
import { listImportRowsOperation } from './routes/imports/list-rows.js';
import { getRejectedOperation } from './routes/imports/rejected.js';
import { getTemplateOperation } from './routes/imports/template.js';
import { canCallNowOperation } from './routes/operations/can-call-now.js';
import { getHealthOperation } from './routes/operations/healthz.js';
import { getOpenApiOperation } from './routes/operations/openapi.js';
import { getReadinessOperation } from './routes/operations/readyz.js';
import { createPhoneNumberOperation } from './routes/phone-numbers/create.js';
import { getPhoneNumberOperation } from './routes/phone-numbers/get.js';
import { listPhoneNumbersOperation } from './routes/phone-numbers/list.js';
import { testCallOperation } from './routes/phone-numbers/test-call.js';
import { updatePhoneNumberOperation } from './routes/phone-numbers/update.js';
import { createProviderAccountOperation } from './routes/provider-accounts/create.js';
import { getProviderAccountOperation } from './routes/provider-accounts/get.js';
import { listProviderAccountsOperation } from './routes/provider-accounts/list.js';
import { syncProviderAccountOperation } from './routes/provider-accounts/sync.js';
import { updateProviderAccountOperation } from './routes/provider-accounts/update.js';
import { addRecipientsOperation } from './routes/recipients/add.js';
import { getRecipientOperation } from './routes/recipients/get.js';
import { listRecipientsOperation } from './routes/recipients/list.js';
import { removeRecipientsOperation } from './routes/recipients/remove.js';
import { removeRecipientOperation } from './routes/recipients/remove-one.js';
import { searchRecipientsOperation } from './routes/recipients/search.js';
import { getRulePacksOperation } from './routes/rule-packs/get.js';
import { addSuppressionsOperation } from './routes/suppressions/add.js';
import { importSuppressionsOperation } from './routes/suppressions/import.js';
import { listSuppressionsOperation } from './routes/suppressions/list.js';
import { removeSuppressionsOperation } from './routes/suppressions/remove.js';
import { searchSuppressionsOperation } from './routes/suppressions/search.js';
import { receiveWebhookOperation } from './routes/webhooks/receive.js';
import { emergencyStopOperation } from './routes/workspace/emergency-stop.js';
import { getWorkspaceOperation } from './routes/workspace/get.js';
import { liftEmergencyStopOperation } from './routes/workspace/lift-emergency-stop.js';
import { updateWorkspaceOperation } from './routes/workspace/update.js';

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
  duplicateBatchOperation,
  getWhyOperation,
  preflightOperation,
  listBatchEventsOperation,
  getCountersOperation,
  getRunOperation,
  getResultsOperation,

  addRecipientsOperation,
  listRecipientsOperation,
  searchRecipientsOperation,
  removeRecipientsOperation,
  removeRecipientOperation,
  getRecipientOperation,

  giveVerdictOperation,
  hangUpOperation,

  createImportOperation,
  getTemplateOperation,
  getImportOperation,
  listImportRowsOperation,
  editImportRowOperation,
  getRejectedOperation,
  listDuplicatesOperation,
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
  testCallOperation,
  listProviderAccountsOperation,
  createProviderAccountOperation,
  getProviderAccountOperation,
  updateProviderAccountOperation,
  syncProviderAccountOperation,

  addSuppressionsOperation,
  importSuppressionsOperation,
  removeSuppressionsOperation,
  listSuppressionsOperation,
  searchSuppressionsOperation,

  canCallNowOperation,
  getRulePacksOperation,

  getWorkspaceOperation,
  updateWorkspaceOperation,
  emergencyStopOperation,
  liftEmergencyStopOperation,

  getHealthOperation,
  getReadinessOperation,
  getOpenApiOperation,
];
