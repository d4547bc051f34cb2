import { startSimulator, type Simulator } from './server.js';

const OURS = { phone: '+12025550100', label: null, outboundAgentId: null };
const THEIRS = { phone: '+12025550900', label: null, outboundAgentId: null };
const CALL = { reference: 'ref-1', from: OURS.phone, to: '+12025550123', agent_id: 'agent' };

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({
    ...{ apiKey: 'first', furtherApiKeys: ['second'], fromNumbers: [OURS] },
    otherAccount: { apiKey: 'theirs', fromNumbers: [THEIRS] },
  });
  expect((await ask('first', 'POST', '/v1/calls', CALL)).status).toBe(201);
});
afterEach(() => simulator.stop());

type Body = { calls?: unknown[]; items?: unknown[] };

async function ask(key: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(simulator.url + path, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}
const referenceFilter = {
  filter_criteria: { metadata: [{ type: 'string', op: 'eq', key: 'dialwright_attempt_id', value: 'ref-1' }] },
};

describe('the keys of the simulated carrier', () => {
  it.each(['first', 'second'])('show the calls and the numbers of their account: %s', async (key) => {
    expect((await ask(key, 'GET', '/v1/calls?reference=ref-1')).body.calls).toHaveLength(1);
    expect((await ask(key, 'GET', '/v1/numbers')).body).toEqual({ numbers: [{ phone: OURS.phone }] });
    expect((await ask(key, 'GET', '/v2/list-phone-numbers')).body.items).toMatchObject([{ phone_number: OURS.phone }]);
  });

  it('of another account list its numbers, find none of our calls and place none', async () => {
    const { callId } = simulator.ledger()[0]!;
    expect((await ask('theirs', 'GET', '/v1/numbers')).body).toEqual({ numbers: [{ phone: THEIRS.phone }] });
    expect((await ask('theirs', 'GET', '/v1/calls?reference=ref-1')).body).toEqual({ calls: [] });
    expect((await ask('theirs', 'GET', `/v1/calls/${callId}`)).status).toBe(404);
    expect((await ask('theirs', 'POST', `/v1/calls/${callId}/hangup`)).status).toBe(404);
    expect((await ask('theirs', 'POST', '/v3/list-calls', referenceFilter)).body.items).toEqual([]);
    expect((await ask('theirs', 'POST', '/v1/calls', { ...CALL, reference: 'ref-2' })).status).toBe(403);
    expect(simulator.totals().accepted).toBe(1);
  });

  it('that no account has are refused', async () => {
    expect((await ask('nobody', 'GET', '/v1/numbers')).status).toBe(401);
  });

  it('can be replaced while it runs', async () => {
    simulator.configure({ apiKey: 'second', furtherApiKeys: [] });
    expect((await ask('first', 'GET', '/v1/numbers')).status).toBe(401);
    expect((await ask('second', 'GET', '/v1/calls?reference=ref-1')).body.calls).toHaveLength(1);
  });
});
