import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCarrier, type CarrierTotals } from './carrier.js';
import { answerControl } from './control-routes.js';
import { answerCalls } from './call-routes.js';
import { answerJson } from './http.js';
import { createLedger } from './ledger.js';
import type { LedgerEntry } from './request-record.js';
import { answerRetell, isRetellPath } from './retell/retell-routes.js';
import { DEFAULT_SETTINGS, patchSettings, type SettingsPatch, type SimulatorSettings } from './settings.js';
import { answerRecording, isRecordingPath } from './recording.js';
import { createTimers } from './timers.js';
import { createWebhookPoster } from './webhooks/webhook-poster.js';

export type SimulatorOptions = SettingsPatch & {
  /** 0 or left out: a free one. */
  port?: number;
  /** File that every request is appended to as a line of JSON, once all is known about it. */
  ledgerFile?: string;
};

/** A running simulated carrier, for tests, benches and the demo. */
export type Simulator = {
  url: string;
  port: number;
  settings(): SimulatorSettings;
  configure(patch: SettingsPatch): SimulatorSettings;
  totals(): CarrierTotals;
  /** Every request so far, oldest first. */
  ledger(): LedgerEntry[];
  /** References for which more than one call was accepted. */
  referencesTwice(): string[];
  /** Resolves when every call has ended and every webhook is delivered, lost or given up. */
  whenIdle(): Promise<void>;
  reset(): void;
  stop(): Promise<void>;
};

/** The control endpoints have no key: only this machine may reach them. */
const HOST = '127.0.0.1';
/** Longer than our clients keep a socket, so that they never write to one that is being closed. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Starts a voice platform that exists only here: its own HTTP server, which takes calls, rings, answers or not, posts
 * signed webhooks, keeps a ledger and fails on demand. @throws SimulatorSettingsError, or the error of the port.
 */
export async function startSimulator({ port = 0, ledgerFile, ...patch }: SimulatorOptions = {}): Promise<Simulator> {
  let settings = patchSettings(DEFAULT_SETTINGS, patch);
  const readSettings = (): SimulatorSettings => settings;
  const configure = (change: unknown): SimulatorSettings => (settings = patchSettings(settings, change));
  const timers = createTimers();
  const ledger = createLedger({ file: ledgerFile ?? null, requestsKeptMax: () => settings.requestsKeptMax });
  const poster = createWebhookPoster(readSettings, timers);
  const recordings = { baseUrl: '' };
  const carrier = createCarrier({ settings: readSettings, timers, ledger, poster, recordings });
  const deps = { carrier, ledger, timers, settings: readSettings, configure };

  const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (req, res) => {
    if (isRecordingPath(req.url ?? '')) return answerRecording(req, res);
    routeOf(req.url ?? '/')(deps, req, res).catch(() => answerJson(res, 500, { error: 'internal error' }));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve));
  const boundPort = (server.address() as AddressInfo).port; // listening on TCP
  recordings.baseUrl = `http://${HOST}:${boundPort}/recordings`;
  return {
    url: `http://${HOST}:${boundPort}`,
    port: boundPort,
    settings: readSettings,
    configure,
    totals: carrier.totals,
    ledger: () => [...ledger.entries()],
    referencesTwice: ledger.referencesTwice,
    whenIdle: ledger.whenAllClosed,
    reset: carrier.reset,
    async stop() {
      timers.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await ledger.stop();
    },
  };
}

function routeOf(url: string): typeof answerCalls {
  if (url.startsWith('/control/')) return answerControl;
  return isRetellPath(new URL(url, 'http://carrier').pathname) ? answerRetell : answerCalls;
}
