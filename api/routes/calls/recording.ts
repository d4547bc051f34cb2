import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readAttempt } from '../../../store/recipients/read-recipients.js';
import { fetchRecording } from '../../actions/recordings/fetch-recording.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { toAttemptView } from '../../views/recipient-view.js';

const SOUND = { contentType: 'audio/*', headers: ['Accept-Ranges', 'Content-Length'] } as const;

export const getRecordingOperation = defineOperation({
  id: 'getRecording',
  method: 'get',
  path: '/v1/calls/{callId}/recording',
  summary: 'Play the recording of a call',
  description:
    'Fetched at the provider and passed on as it comes, so that a page needs no other address. Takes a `Range` header with one range, where the provider does. Each request is in the audit.',
  tag: 'calls',
  role: 'viewer',
  work: 'export',
  params: z.object({ callId: idIn('attempt').meta({ description: 'The id of the attempt' }) }),
  responses: {
    200: { description: 'The sound', ...SOUND },
    206: {
      description: 'The range of it that was asked for',
      contentType: 'audio/*',
      headers: ['Accept-Ranges', 'Content-Length', 'Content-Range'],
    },
  },
  errors: ['no_recording', 'recording_unusable', 'range_not_satisfiable', 'provider_unreachable'],
  async handler({ auth, params: { callId }, deps, req }) {
    const attempt = await readAttempt(deps.db.pool, auth.workspaceId, callId);
    const id = publicId('attempt', callId);
    if (!attempt) throw notFound('attempt', id);
    const { recordingUrl } = toAttemptView(attempt);
    if (recordingUrl === null)
      throw new ApiError('no_recording', `The provider has told of no recording of ${id}, or not yet.`);
    const range = req.get('range');
    return fetchRecording({ deps, attemptId: callId, url: recordingUrl, range, headOnly: req.method === 'HEAD' });
  },
});
