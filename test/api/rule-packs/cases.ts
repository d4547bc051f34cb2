import { expect, it } from '@jest/globals';
import { RULE_PACKS } from '../../../domain/hours/rule-packs/rule-packs.js';
import { send, type TestApi } from '../support/test-api.js';

export function rulePackCases(getApi: () => TestApi): void {
  it('GET /v1/rule-packs shows every rule with its source and the day on which it was read', async () => {
    const { status, body } = await send(getApi(), 'getRulePacks', { key: getApi().keys.viewer });
    expect([status, body.data]).toEqual([200, RULE_PACKS]);
  });
}
