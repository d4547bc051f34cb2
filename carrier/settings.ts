import { z } from 'zod';
import { OUTCOMES } from '../domain/calls/outcomes.js';

const share = z.number().min(0).max(1);
const wallMs = z.number().int().min(0).max(600_000);
const simulatedMs = z.number().min(0).max(86_400_000);

/**
 * What goes wrong on purpose. Shares are drawn per call from seed, number and ordinal; times are wall time, not divided
 * by `speed`.
 */
const faultsSchema = z
  .object({
    /** Not accepted: the socket is destroyed, or answered 429 or 500. */
    dropBeforeAccept: share,
    answer429: share,
    answer500: share,
    /** Accepted, and then: the socket is destroyed, answered 500, answered 201 with a body that says nothing, answered late. */
    dropAfterAccept: share,
    answer500AfterAccept: share,
    answerUnreadable: share,
    slowAnswer: share,
    slowAnswerMs: wallMs,
    /** Per event: never posted, posted twice, posted late. */
    webhookLoss: share,
    webhookDuplicate: share,
    webhookDelayMs: wallMs,
    /** Per call: all events at its end, last one first. */
    webhookReorder: share,
    /** Per call: the first event is posted before the create request is answered. Such a call does not ring. */
    webhookEarly: share,
    /** Per call: one more event with a lie in it, signed with a wrong secret. */
    webhookForged: share,
    /** How long after it was accepted a call is missing from look-ups. */
    hideFromLookUpMs: wallMs,
    /** How long everything but a create request waits for its answer. */
    slowLookUpMs: wallMs,
  })
  .strict();
export type Faults = z.output<typeof faultsSchema>;

/** What can be asked of a call: the rest of the outcomes are not the carrier's to give. */
const drawnOutcomes = z.enum(OUTCOMES).exclude(['CANCELLED', 'UNCERTAIN']);
export type DrawnOutcome = z.output<typeof drawnOutcomes>;

const numberSchema = z
  .object({
    outcome: drawnOutcomes,
    ringMs: simulatedMs,
    callLengthMs: simulatedMs,
    faults: faultsSchema.partial(),
    /** The word for the end on Retell's wire, in place of the one that belongs to the outcome. */
    disconnectionReason: z.string().min(1).max(200),
  })
  .partial()
  .strict();

const word = z.string().min(1).max(200);
const agentSchema = z.object({ id: word, name: word }).strict();
const fromNumberSchema = z.object({ phone: word, label: word.nullable(), outboundAgentId: word.nullable() }).strict();

const settingsSchema = z
  .object({
    seed: z.string().max(200),
    /** Divides every simulated duration: at 30 a call of 30 s takes 1 s. Durations are told undivided. */
    speed: z.number().min(1).max(100_000),
    apiKey: z.string().min(1),
    /** Taken like `apiKey`, while one key is replaced by another. On Retell's wire only `apiKey` signs. */
    furtherApiKeys: z.array(z.string().min(1)).max(100),
    /** Another customer of the carrier: has numbers of its own, knows no call and may place none. */
    otherAccount: z
      .object({ apiKey: z.string().min(1), fromNumbers: z.array(fromNumberSchema).max(1_000) })
      .strict()
      .nullable(),
    webhookSecret: z.string().min(1),
    webhookUrl: z.url().nullable(),
    /** Live calls above which a request is refused with 429. */
    concurrencyMax: z.number().int().min(0),
    /** Weights; an outcome left out never happens. */
    outcomes: z.partialRecord(drawnOutcomes, z.number().min(0)),
    /** From accepting a call to its first ring. */
    setupMs: simulatedMs,
    ringMs: z.object({ min: simulatedMs, max: simulatedMs }).strict(),
    /** How long a phone rings that nobody picks up, if the ring limit is not shorter. */
    noAnswerRingMs: simulatedMs,
    callLength: z.discriminatedUnion('is', [
      z.object({ is: z.literal('exponential'), meanMs: simulatedMs }).strict(),
      z.object({ is: z.literal('fixed'), ms: simulatedMs }).strict(),
    ]),
    analysisDelayMs: simulatedMs,
    /** Answered calls that reached their goal. */
    successShare: share,
    webhookTriesMax: z.number().int().min(1).max(10),
    /** Wall time before the second try, doubled before the third. */
    webhookRetryDelayMs: wallMs,
    webhookTimeoutMs: z.number().int().min(1).max(60_000),
    /** Requests remembered; the oldest ended ones are forgotten, by look-ups too. The ledger file keeps them. */
    requestsKeptMax: z.number().int().min(1),
    faults: faultsSchema,
    /** What differs for one number, as it is dialled. */
    numbers: z.record(z.string(), numberSchema),
    /** What the account offers to call with. Calls are taken from any number and for any agent. */
    agents: z.array(agentSchema).max(1_000),
    fromNumbers: z.array(fromNumberSchema).max(1_000),
    /** Whose form and signature the webhooks have. The routes of both are served always. */
    wire: z.enum(['simulator', 'retell']),
  })
  .strict();
export type SimulatorSettings = z.output<typeof settingsSchema>;
/** What may be changed while it runs. `faults` are merged one by one; everything else is replaced. */
export type SettingsPatch = Partial<Omit<SimulatorSettings, 'faults'>> & { faults?: Partial<Faults> };

const patchSchema = settingsSchema.extend({ faults: faultsSchema.partial() }).partial().strict();

export const NO_FAULTS: Faults = {
  dropBeforeAccept: 0,
  answer429: 0,
  answer500: 0,
  dropAfterAccept: 0,
  answer500AfterAccept: 0,
  answerUnreadable: 0,
  slowAnswer: 0,
  slowAnswerMs: 10_000,
  webhookLoss: 0,
  webhookDuplicate: 0,
  webhookDelayMs: 0,
  webhookReorder: 0,
  webhookEarly: 0,
  webhookForged: 0,
  hideFromLookUpMs: 0,
  slowLookUpMs: 0,
};

export const DEFAULT_SETTINGS: SimulatorSettings = {
  seed: '1',
  speed: 1,
  apiKey: 'carrier-key',
  furtherApiKeys: [],
  otherAccount: null,
  webhookSecret: 'carrier-webhook-secret',
  webhookUrl: null,
  concurrencyMax: 100_000,
  outcomes: {
    ANSWERED: 60,
    VOICEMAIL: 12,
    NO_ANSWER: 14,
    BUSY: 6,
    DECLINED: 4,
    UNREACHABLE: 2,
    INVALID_NUMBER: 1,
    AGENT_ERROR: 1,
  },
  setupMs: 300,
  ringMs: { min: 2_000, max: 8_000 },
  noAnswerRingMs: 30_000,
  callLength: { is: 'exponential', meanMs: 60_000 },
  analysisDelayMs: 1_000,
  successShare: 0.7,
  webhookTriesMax: 3,
  webhookRetryDelayMs: 500,
  webhookTimeoutMs: 10_000,
  requestsKeptMax: 200_000,
  faults: NO_FAULTS,
  numbers: {},
  agents: [
    { id: 'agent_appointments', name: 'Appointments' },
    { id: 'agent_collections', name: 'Collections' },
  ],
  fromNumbers: [{ phone: '+12025550100', label: 'Main line', outboundAgentId: 'agent_appointments' }],
  wire: 'simulator',
};

export class SimulatorSettingsError extends Error {
  override readonly name = 'SimulatorSettingsError';
}

/** The settings with a patch applied. @throws SimulatorSettingsError that names each setting that is not understood. */
export function patchSettings(settings: SimulatorSettings, patch: unknown): SimulatorSettings {
  const read = patchSchema.safeParse(patch);
  if (!read.success) throw new SimulatorSettingsError(z.prettifyError(read.error));
  const { faults, ...rest } = read.data;
  const next = { ...settings, ...rest, faults: { ...settings.faults, ...faults } } as SimulatorSettings; // zod's partial() adds undefined to each type; safeParse keeps absent keys absent
  if (!Object.values(next.outcomes).some((weight) => weight > 0))
    throw new SimulatorSettingsError('outcomes: one weight must be above 0');
  return next;
}
