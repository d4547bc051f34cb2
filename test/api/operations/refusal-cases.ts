import { publicId } from '../../../domain/ids.js';
import { carrierAccount, recordedCall } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function refusalCases(getApi: () => TestApi): void {
  describe('what is in use', () => {
    it.each([
      ['deletePhoneNumber', 'phoneNumberId', 'phoneNumber', 'fromNumberId'],
      ['deleteAgent', 'agentId', 'agent', 'agentId'],
      ['deleteProviderAccount', 'providerAccountId', 'providerAccount', 'providerAccountId'],
    ] as const)('is not deleted: %s', async (operation, param, kind, field) => {
      const api = getApi();
      const params = { [param]: publicId(kind, api.workspace[field]) };
      const { status, problem } = await send(api, operation, { params });
      expect([status, problem.code]).toEqual([409, 'in_use']);
    });
  });

  it('a provider that does not answer is no failure of ours', async () => {
    const api = getApi();
    const nowhere = 'http://127.0.0.1:9';
    const params = { providerAccountId: await carrierAccount(api, { baseUrl: nowhere }) };
    const callId = await recordedCall(api, `${nowhere}/a.wav`);
    for (const { status, problem } of [
      await send(api, 'syncProviderAccount', { params }),
      await send(api, 'getRecording', { params: { callId } }),
    ])
      expect([status, problem.code]).toEqual([424, 'provider_unreachable']);
  });

  describe('a recording', () => {
    it.each([
      [206, { headers: { range: 'bytes=0-9' } }],
      [416, { headers: { range: 'bytes=999999999-' } }],
    ])('is answered with %i', async (expected, sent) => {
      const api = getApi();
      const { status } = await send(api, 'getRecording', { params: { callId: await recordedCall(api) }, ...sent });
      expect(status).toBe(expected);
    });

    it('that is none is not passed on', async () => {
      const api = getApi();
      const callId = await recordedCall(api, 'mailto:somebody@example.com');
      const { status, problem } = await send(api, 'getRecording', { params: { callId } });
      expect([status, problem.code]).toEqual([422, 'recording_unusable']);
    });
  });
}
