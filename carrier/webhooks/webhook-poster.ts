import { faultsFor, strikes } from '../plan-call.js';
import { postWebhook } from './post-webhook.js';
import type { CallRecord, WebhookRecord } from '../request-record.js';
import type { SimulatorSettings } from '../settings.js';
import { signBody } from './sign-body.js';
import type { Timers } from '../timers.js';
import { WEBHOOK_FORMS, type WebhookForm } from './webhook-form.js';
import type { CarrierEvent } from '../wire.js';

export type WebhookPoster = {
  /** Tells the event now, or as the faults say. Resolves once it is delivered, given up or lost. */
  tell(call: CallRecord, event: CarrierEvent): Promise<void>;
};

type Post = {
  url: string;
  body: string;
  form: WebhookForm;
  secret: string;
  record: WebhookRecord;
  triesMax: number;
};

/**
 * Posts the events of calls, signed afresh at each try, with a bounded number of tries. Each event goes its own way, so
 * that a slow receiver sees them out of order, as with a real platform.
 */
export function createWebhookPoster(settings: () => SimulatorSettings, timers: Timers): WebhookPoster {
  /** Events of calls whose events come in reverse order, until the last one. */
  const heldBack = new Map<CallRecord, (() => Promise<void>)[]>();

  async function tell(call: CallRecord, event: CarrierEvent): Promise<void> {
    const current = settings();
    const url = call.request.webhook_url ?? current.webhookUrl;
    if (!url) return;
    if (call.webhooks.length === 0 && strikes(current, 'webhookForged', call.key)) await forge(call, url);
    const record = addRecord(call, event);
    if (strikes(current, 'webhookLoss', { ...call.key, detail: event })) return;
    const form = WEBHOOK_FORMS[current.wire];
    const body = JSON.stringify({ event, call: form.callOf(call) });
    const post = { url, body, form, secret: form.secretOf(current), record, triesMax: current.webhookTriesMax };
    const copies = strikes(current, 'webhookDuplicate', { ...call.key, detail: event }) ? 2 : 1;
    const send = async (): Promise<void> => {
      await wait(faultsFor(current, call.key.to).webhookDelayMs);
      for (let copy = 0; copy < copies; copy++) await deliver(post);
    };
    if (!strikes(current, 'webhookReorder', call.key)) return send();
    const held = heldBack.get(call) ?? [];
    heldBack.set(call, [send, ...held]);
    if (event === 'call_analyzed') await release(call);
  }

  async function release(call: CallRecord): Promise<void> {
    const held = heldBack.get(call) ?? [];
    heldBack.delete(call);
    for (const send of held) await send();
  }

  /** Says of a live call that it ended, with a signature that is not ours: a receiver that believes it shows. */
  async function forge(call: CallRecord, url: string): Promise<void> {
    const form = WEBHOOK_FORMS[settings().wire];
    const lie = { ...form.callOf(call), ...form.lieOf(Date.now()) };
    const body = JSON.stringify({ event: 'call_ended', call: lie });
    const secret = `not ${form.secretOf(settings())}`;
    await deliver({ url, body, form, secret, record: addRecord(call, 'forged'), triesMax: 1 });
  }

  async function deliver({ url, body, form, secret, record, triesMax }: Post): Promise<void> {
    for (let tries = 1; tries <= triesMax; tries++) {
      record.attempts++;
      const headers = {
        'content-type': 'application/json',
        [form.signatureHeader]: signBody(body, secret, Date.now()),
      };
      const status = await postWebhook({ url, headers, body, timeoutMs: settings().webhookTimeoutMs });
      if (status !== null) record.lastStatus = status;
      if (status !== null && status >= 200 && status < 300) {
        record.deliveredAtMs ??= Date.now();
        return;
      }
      if (tries < triesMax) await wait(settings().webhookRetryDelayMs * 2 ** (tries - 1));
    }
  }

  /** Never resolves once the timers are stopped: what waits is then forgotten. */
  function wait(delayMs: number): Promise<void> {
    return delayMs === 0 ? Promise.resolve() : new Promise((resolve) => void timers.after(delayMs, resolve));
  }

  return { tell };
}

function addRecord(call: CallRecord, event: WebhookRecord['event']): WebhookRecord {
  const record: WebhookRecord = { event, attempts: 0, deliveredAtMs: null, lastStatus: null };
  call.webhooks.push(record);
  return record;
}
