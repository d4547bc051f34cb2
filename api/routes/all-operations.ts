import type { Operation } from '../http/operation.js';
import { createApiKeyOperation } from './api-keys/create.js';
import { getApiKeyOperation } from './api-keys/get.js';
import { listApiKeysOperation } from './api-keys/list.js';
import { revokeApiKeyOperation } from './api-keys/revoke.js';
import { rollApiKeyOperation } from './api-keys/roll.js';
import { createAgentOperation } from './agents/create.js';
import { getAgentOperation } from './agents/get.js';
import { listAgentsOperation } from './agents/list.js';
import { deleteAgentOperation } from './agents/delete.js';
import { updateAgentOperation } from './agents/update.js';
import { exportAuditOperation } from './audit/export.js';
import { listAuditOperation } from './audit/list.js';
import { hangUpOperation } from './attempts/hang-up.js';
import { giveVerdictOperation } from './attempts/verdict.js';
import { cancelBatchOperation } from './batches/cancel.js';
import { getCountersOperation } from './batches/counters.js';
import { createBatchOperation } from './batches/create.js';
import { deleteBatchOperation } from './batches/delete.js';
import { duplicateBatchOperation } from './batches/duplicate.js';
import { getBatchOperation } from './batches/get.js';
import { countBatchesOperation } from './batches/count.js';
import { listBatchesOperation } from './batches/list.js';
import { listBatchEventsOperation } from './batches/list-events.js';
import { pauseBatchOperation } from './batches/pause.js';
import { renameBatchOperation } from './batches/rename.js';
import { getResultsOperation } from './batches/results.js';
import { restoreBatchOperation } from './batches/restore.js';
import { resumeBatchOperation } from './batches/resume.js';
import { retryBatchOperation } from './batches/retry.js';
import { getRunOperation } from './batches/run.js';
import { getBatchSeriesOperation } from './batches/series.js';
import { submitBatchOperation } from './batches/submit.js';
import { updateBatchOperation } from './batches/update.js';
import { getWhyOperation } from './batches/why.js';
import { exportCallLinesOperation, exportCallsOperation } from './calls/export.js';
import { getCallOperation } from './calls/get.js';
import { getRecordingOperation } from './calls/recording.js';
import { listCallsOperation } from './calls/list.js';
import { listenOperation } from './events/listen.js';
import { preflightOperation } from './batches/preflight.js';
import { confirmImportOperation } from './imports/confirm.js';
import { createImportOperation } from './imports/create.js';
import { discardImportOperation } from './imports/discard.js';
import { listDuplicatesOperation } from './imports/duplicates.js';
import { editImportRowOperation } from './imports/edit-row.js';
import { fixImportOperation } from './imports/fix.js';
import { getImportOperation } from './imports/get.js';
import { listImportsOperation } from './imports/list.js';
import { listImportRowsOperation } from './imports/list-rows.js';
import { getRejectedOperation } from './imports/rejected.js';
import { getTemplateOperation } from './imports/template.js';
import { replaceImportFileOperation } from './imports/replace-file.js';
import { undoImportFixOperation } from './imports/undo-fix.js';
import { undoImportOperation } from './imports/undo.js';
import { canCallNowOperation } from './operations/can-call-now.js';
import { getHealthOperation } from './operations/healthz.js';
import { getOpenApiOperation } from './operations/openapi.js';
import { getReadinessOperation } from './operations/readyz.js';
import { beginJobOperation } from './jobs/begin.js';
import { endJobOperation } from './jobs/end.js';
import { getJobOperation } from './jobs/get.js';
import { listJobsOperation } from './jobs/list.js';
import { listMembersOperation } from './members/list.js';
import { getMemberOperation } from './members/get.js';
import { inviteMemberOperation } from './members/invite.js';
import { updateMemberOperation } from './members/update.js';
import { removeMemberOperation } from './members/remove.js';
import { createMemberLinkOperation } from './members/link.js';
import { resetSecondFactorOperation } from './members/reset-second-factor.js';
import { signInOperation } from './session/sign-in.js';
import { beginOidcOperation } from './session/begin-oidc.js';
import { finishOidcOperation } from './session/finish-oidc.js';
import { getSessionOperation } from './session/get.js';
import { confirmSessionOperation } from './session/confirm.js';
import { switchWorkspaceOperation } from './session/switch.js';
import { signOutOperation } from './session/sign-out.js';
import { listSessionsOperation } from './session/list.js';
import { endSessionOperation } from './session/end.js';
import { changePasswordOperation } from './session/change-password.js';
import { spendLinkOperation } from './session/spend-link.js';
import { beginSecondFactorOperation } from './session/second-factor/begin.js';
import { confirmSecondFactorOperation } from './session/second-factor/confirm.js';
import { getSecondFactorOperation } from './session/second-factor/get.js';
import { turnOffSecondFactorOperation } from './session/second-factor/turn-off.js';
import { askPasswordLinkOperation } from './session/ask-password-link.js';
import { createPhoneNumberOperation } from './phone-numbers/create.js';
import { getPhoneNumberOperation } from './phone-numbers/get.js';
import { listPhoneNumbersOperation } from './phone-numbers/list.js';
import { testCallOperation } from './phone-numbers/test-call.js';
import { deletePhoneNumberOperation } from './phone-numbers/delete.js';
import { updatePhoneNumberOperation } from './phone-numbers/update.js';
import { createProviderAccountOperation } from './provider-accounts/create.js';
import { getProviderAccountOperation } from './provider-accounts/get.js';
import { listProviderAccountsOperation } from './provider-accounts/list.js';
import { syncProviderAccountOperation } from './provider-accounts/sync.js';
import { testProviderAccountOperation } from './provider-accounts/test.js';
import { deleteProviderAccountOperation } from './provider-accounts/delete.js';
import { updateProviderAccountOperation } from './provider-accounts/update.js';
import { addRecipientsOperation } from './recipients/add.js';
import { getRecipientOperation } from './recipients/get.js';
import { listRecipientsOperation } from './recipients/list.js';
import { removeRecipientsOperation } from './recipients/remove.js';
import { removeRecipientOperation } from './recipients/remove-one.js';
import { searchRecipientsOperation } from './recipients/search.js';
import { updateRecipientOperation } from './recipients/update.js';
import { getRulePacksOperation } from './rule-packs/get.js';
import { addSuppressionsOperation } from './suppressions/add.js';
import { importSuppressionsOperation } from './suppressions/import.js';
import { listSuppressionsOperation } from './suppressions/list.js';
import { removeSuppressionsOperation } from './suppressions/remove.js';
import { searchSuppressionsOperation } from './suppressions/search.js';
import { receiveWebhookOperation } from './webhooks/receive.js';
import { emergencyStopOperation } from './workspace/emergency-stop.js';
import { getWorkspaceOperation } from './workspace/get.js';
import { liftEmergencyStopOperation } from './workspace/lift-emergency-stop.js';
import { listProviderKindsOperation } from './provider-kinds/list.js';
import { getSeriesOperation } from './workspace/series.js';
import { getUsageOperation } from './workspace/usage.js';
import { updateWorkspaceOperation } from './workspace/update.js';

/** The only list of paths. A fixed path comes before one with an id that it would match. */
export const operations: readonly Operation[] = [
  receiveWebhookOperation,

  createBatchOperation,
  listBatchesOperation,
  countBatchesOperation,
  getBatchOperation,
  updateBatchOperation,
  deleteBatchOperation,
  restoreBatchOperation,
  getBatchSeriesOperation,
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
  updateRecipientOperation,

  giveVerdictOperation,
  hangUpOperation,

  beginJobOperation,
  listJobsOperation,
  getJobOperation,
  endJobOperation,
  createImportOperation,
  getTemplateOperation,
  getImportOperation,
  listImportsOperation,
  listImportRowsOperation,
  replaceImportFileOperation,
  editImportRowOperation,
  fixImportOperation,
  undoImportFixOperation,
  getRejectedOperation,
  listDuplicatesOperation,
  confirmImportOperation,
  discardImportOperation,
  undoImportOperation,

  listAgentsOperation,
  createAgentOperation,
  getAgentOperation,
  updateAgentOperation,
  deleteAgentOperation,
  listPhoneNumbersOperation,
  createPhoneNumberOperation,
  getPhoneNumberOperation,
  updatePhoneNumberOperation,
  deletePhoneNumberOperation,
  testCallOperation,
  listProviderAccountsOperation,
  createProviderAccountOperation,
  getProviderAccountOperation,
  updateProviderAccountOperation,
  deleteProviderAccountOperation,
  syncProviderAccountOperation,
  testProviderAccountOperation,

  listApiKeysOperation,
  listMembersOperation,
  inviteMemberOperation,
  getMemberOperation,
  updateMemberOperation,
  removeMemberOperation,
  createMemberLinkOperation,
  resetSecondFactorOperation,
  signInOperation,
  beginOidcOperation,
  finishOidcOperation,
  getSessionOperation,
  switchWorkspaceOperation,
  confirmSessionOperation,
  signOutOperation,
  listSessionsOperation,
  endSessionOperation,
  changePasswordOperation,
  spendLinkOperation,
  getSecondFactorOperation,
  beginSecondFactorOperation,
  confirmSecondFactorOperation,
  turnOffSecondFactorOperation,
  askPasswordLinkOperation,
  listAuditOperation,
  exportAuditOperation,
  createApiKeyOperation,
  getApiKeyOperation,
  rollApiKeyOperation,
  revokeApiKeyOperation,

  addSuppressionsOperation,
  importSuppressionsOperation,
  removeSuppressionsOperation,
  listSuppressionsOperation,
  searchSuppressionsOperation,

  canCallNowOperation,
  getRulePacksOperation,

  getWorkspaceOperation,
  updateWorkspaceOperation,
  listProviderKindsOperation,
  getSeriesOperation,
  getUsageOperation,
  listCallsOperation,
  exportCallsOperation,
  exportCallLinesOperation,
  getCallOperation,
  getRecordingOperation,
  listenOperation,
  emergencyStopOperation,
  liftEmergencyStopOperation,

  getHealthOperation,
  getReadinessOperation,
  getOpenApiOperation,
];
