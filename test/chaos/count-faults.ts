import { callsOf, type Call, type LedgerLine, type LedgerWebhook } from './evidence.js';
import type { NumberFaults } from './plan.js';

/** How often each lie of the carrier was told, from its ledger. What leaves no trace there is known by its number. */
export function countFaults(
  ledger: readonly LedgerLine[],
  numberFaults: ReadonlyMap<string, NumberFaults>,
): Record<string, number> {
  const calls = callsOf(ledger);
  const refused = ledger.filter((line) => line.callId === null && line.reference !== null);
  const events = calls.flatMap((call) => call.webhooks.filter((sent) => sent.event !== 'forged'));
  const callsWith = (fault: keyof NumberFaults): Call[] =>
    calls.filter((call) => numberFaults.get(call.to)?.[fault] !== undefined);
  return {
    'dropped before accepting': refused.filter((line) => line.answeredStatus === null).length,
    'answered 429': refused.filter((line) => line.answeredStatus === 429).length,
    'answered 500': refused.filter((line) => line.answeredStatus === 500).length,
    'dropped after accepting': calls.filter((call) => call.answeredStatus === null).length,
    'answered 500 after accepting': calls.filter((call) => call.answeredStatus === 500).length,
    'answered unreadably': callsWith('answerUnreadable').filter((call) => call.answeredStatus === 201).length,
    'answered late': callsWith('slowAnswer').filter((call) => call.answeredStatus !== null).length,
    'webhook lost': events.filter((sent) => sent.attempts === 0).length,
    'webhook repeated': callsWith('webhookDuplicate').filter((call) => call.webhooks.some(isRepeated)).length,
    'webhook late': callsWith('webhookDelayMs').filter((call) => call.webhooks.some(isDelivered)).length,
    'webhooks reordered': calls.filter(isReordered).length,
    'webhook before the answer': callsWith('webhookEarly').filter(
      (call) => call.answeredStatus !== null && call.webhooks.some(isDelivered),
    ).length,
    'webhook forged': calls.filter((call) => call.webhooks.some(isForged)).length,
  };
}

function isRepeated({ event, attempts }: LedgerWebhook): boolean {
  return event !== 'forged' && attempts > 1;
}

function isDelivered({ event, deliveredAtMs }: LedgerWebhook): boolean {
  return event !== 'forged' && deliveredAtMs !== null;
}

function isForged({ event, attempts }: LedgerWebhook): boolean {
  return event === 'forged' && attempts > 0;
}

function isReordered({ webhooks }: Call): boolean {
  const delivered = webhooks.filter(isDelivered).map((sent) => sent.deliveredAtMs ?? 0);
  return delivered.some((atMs, index) => atMs < (delivered[index - 1] ?? 0));
}
