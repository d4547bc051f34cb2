import type { Faults, SettingsPatch } from '../../../carrier/settings.js';
import type { Random } from '../random.js';
import type { ProviderKind } from '../provider.js';

/** Of the neighbour's account; the other workspace has other ones. */
export const NEIGHBOUR_KEY = 'neighbour-key';
const NEIGHBOUR_SECRET = 'neighbour-webhook-secret';

export const MOODS = ['prompt', 'slow', 'hanging'] as const;
export type Mood = (typeof MOODS)[number];

/** A call is placed before its answer is late, so that there is a call of which nobody knows. */
const FAULTS_OF_MOOD: Record<Mood, Partial<Faults>> = {
  prompt: { slowAnswer: 0, slowLookUpMs: 0 },
  slow: { slowAnswer: 1, slowAnswerMs: 1_500, slowLookUpMs: 1_500 },
  // Longer than any request waits.
  hanging: { slowAnswer: 1, slowAnswerMs: 20_000, slowLookUpMs: 20_000 },
};

/** Retell signs its webhooks with the API key. */
export function webhookSecretOf(provider: ProviderKind): string {
  return provider === 'retell' ? NEIGHBOUR_KEY : NEIGHBOUR_SECRET;
}

/** A carrier of its own, with short calls, that lies and is slow now and then. */
export function neighbourCarrierSettings(seed: number, provider: ProviderKind): SettingsPatch {
  return {
    seed: `neighbour ${seed}`,
    wire: provider === 'retell' ? 'retell' : 'simulator',
    apiKey: NEIGHBOUR_KEY,
    webhookSecret: webhookSecretOf(provider),
    setupMs: 5,
    ringMs: { min: 50, max: 300 },
    noAnswerRingMs: 900,
    callLength: { is: 'exponential', meanMs: 800 },
    analysisDelayMs: 100,
    faults: {
      dropBeforeAccept: 0.05,
      dropAfterAccept: 0.05,
      answer500AfterAccept: 0.05,
      webhookLoss: 0.1,
      webhookDuplicate: 0.1,
      hideFromLookUpMs: 300,
    },
  };
}

export function faultsOf(mood: Mood): SettingsPatch {
  return { faults: FAULTS_OF_MOOD[mood] };
}

export function drawMood(random: Random): { mood: Mood; holdMs: number } {
  return { mood: random.pick(MOODS), holdMs: random.between(2_000, 7_000) };
}
