import type { z } from 'zod';
import type { CallFact } from '../domain/calls/call-fact.js';
import type { CallResult } from '../domain/calls/call-result.js';
import type { CallRequest } from '../domain/calls/call-request.js';
import type { Sender } from './send-request.js';

/**
 * How far a provider can be asked about a call that may or may not exist.
 * `dedupes`: the same reference may be sent again for a stated time; `history`: after the settle delay, absent means
 * absent; `search`: found by number and time, absence proves nothing; `live-only`: lists live calls, absence proves nothing.
 */
export type LookUpCapability = 'dedupes' | 'history' | 'search' | 'live-only';

/** What a kind declares of its provider. All times in milliseconds. */
export type ProviderTraits = {
  lookUp: LookUpCapability;
  /** How long the provider may take to list a call that it accepted, where the account says nothing else. */
  settleDelayMs: number;
  /** From the request to the first ring. */
  ringLeadMs: number;
  /** Whether calls are found by pages, many in one question: the adapter has `lookUpPage`. */
  findsPages: boolean;
  /** Whether a number may be dialled as written, without an E.164 check; else the skip flag is not sent. */
  dialsAnyNumber: boolean;
};

/**
 * `reference` is the attempt's public id: the provider keeps it and gives it back. `callbackUrl` is where it may tell of
 * this call, for providers that are told so with each; null where this installation has no public address.
 */
export type ReferencedCall = CallRequest & { reference: string; callbackUrl: string | null };

/** When a request may leave, and how long its answer may take. `sendBeforeMs` is on the monotonic clock of `performance.now()`. */
export type SendLimits = { sendBeforeMs: number; requestTimeoutMs: number };

/**
 * What became of a request to place a call. Only `refused` (an answer the adapter lists as proof) and `not-sent` say
 * that there is no call; `unknown` means that nobody can tell. `isOwnDelay`: this process was too slow, as opposed to a
 * provider that cannot be reached.
 */
export type PlaceCallAnswer =
  | { is: 'accepted'; callId: string }
  | { is: 'refused'; reason: RefusalReason; raw: string; retryAfterMs: number | null }
  | { is: 'not-sent'; why: string; isOwnDelay?: true }
  | { is: 'unknown'; why: string };

/** Why a provider refused a call: its number, its request, its capacity, its payment or permission, its agent. */
export type RefusalReason = 'invalid-number' | 'invalid-request' | 'capacity' | 'payment' | 'permission' | 'agent';

export type LookUpAnswer =
  /** There is a call; `facts` is empty while it rings. */
  | { is: 'found'; callId: string; facts: CallFact[] }
  | { is: 'absent' }
  /** The provider could not be asked; says nothing about the call. */
  | { is: 'no-answer'; why: string };

/** A call that carries one of the references that were asked for; `facts` is empty while it rings. */
export type FoundCall = { reference: string; callId: string; facts: CallFact[] };
/** What was found, and nothing about the others. */
export type PageAnswer = { is: 'listed'; found: FoundCall[] } | { is: 'no-answer'; why: string };

/** `gone`: there is no such call, or it has ended already. */
export type HangUpAnswer = { is: 'hung-up' } | { is: 'gone' } | { is: 'no-answer'; why: string };

/** What a provider account offers to call with. */
export type ProviderAgent = { providerAgentId: string; name: string };
export type ProviderNumber = { phone: string; label: string | null; outboundAgentId: string | null };
/** Whether the provider takes the credentials, and whose they are, where it says so. */
export type TestAnswer =
  { is: 'taken'; owner: string | null } | { is: 'refused'; why: string } | { is: 'no-answer'; why: string };

export type ListAnswer<T> = { is: 'listed'; items: T[] } | { is: 'no-answer'; why: string };

/** An event as it came. `url` is the public address with its query, as the provider has called it: some sign that too. */
export type WebhookRequest = {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  rawBody: Buffer;
  receivedAtMs: number;
};

/** `answer`: what the provider wants to be answered, where 204 is not enough. */
export type WebhookVerdict =
  | { is: 'facts'; facts: CallFact[]; answer?: { contentType: string; content: string } }
  | { is: 'forged'; why: string }
  | { is: 'malformed'; why: string };

/** One account at one voice platform, as its kind's folder makes it. */
export interface ProviderAdapter {
  /**
   * Sends one request, once, with no retry, and never throws: whatever happens is an answer. The first byte leaves
   * before `limits.sendBeforeMs` or not at all.
   */
  placeCall(request: ReferencedCall, limits: SendLimits): Promise<PlaceCallAnswer>;
  /** Asks for the call that carries this reference. Never throws. */
  lookUp(reference: string, timeoutMs: number): Promise<LookUpAnswer>;
  /**
   * Asks for the calls of at most 100 references in one question, where the kind finds pages. Who is missing from the
   * answer is not absent: that is said by `lookUp` alone, which asks for one. Never throws.
   */
  lookUpPage?(references: readonly string[], timeoutMs: number): Promise<PageAnswer>;
  /** Ends one live call. Safe to repeat. Never throws. */
  hangUp(callId: string, timeoutMs: number): Promise<HangUpAnswer>;
  /** Asks whether the credentials are good, and changes nothing. Never throws. */
  test(timeoutMs: number): Promise<TestAnswer>;
  /** The account's voice agents, at most 1,000. Never throws. */
  listAgents(timeoutMs: number): Promise<ListAnswer<ProviderAgent>>;
  /** The account's from-numbers, at most 1,000; `outboundAgentId` is the provider's id of the agent bound to it. Never throws. */
  listNumbers(timeoutMs: number): Promise<ListAnswer<ProviderNumber>>;
  /** Checks the signature, over the raw body at least, then reads the facts. Never throws. */
  readWebhook(request: WebhookRequest): WebhookVerdict;
}

/** An adapter with the traits of its kind, as its account has them. */
export type TelephonyProvider = ProviderAdapter & { readonly traits: ProviderTraits };

/**
 * A kind of provider: what its folder exports, and `registry.ts` lists. `credentials` is what an account needs beside its
 * address: a strict object of texts (`credentialText`), each with the label and the help that a form shows.
 */
export type ProviderKind<Credentials extends z.ZodObject = z.ZodObject> = {
  /** As it is stored, and as the API names it. */
  kind: string;
  /** For people. */
  title: string;
  /** Where its accounts are, unless told otherwise; null: each says where it is. */
  defaultBaseUrl: string | null;
  /** Only where the installation says so: it is no voice platform. */
  isSimulated: boolean;
  credentials: Credentials;
  /** The credentials by which the provider knows whose account it is: another one has to show that it is the same. */
  identifiedBy: readonly string[];
  traits: ProviderTraits;
  /** What the details of a call's facts say in our form (`CallFact.details`, later facts over earlier ones). Never throws. */
  readResult(details: Readonly<Record<string, unknown>>): CallResult;
  /** The adapter of one account. Connects to nothing. */
  create(account: ProviderAccess<z.output<Credentials>>, send: Sender['send']): ProviderAdapter;
};

/** What an adapter needs to reach its account. */
export type ProviderAccess<Credentials> = { baseUrl: string; credentials: Credentials };

/** An account as it is stored, its credentials in the clear. */
export type ProviderAccountSettings = ProviderAccess<Readonly<Record<string, string>>> & {
  kind: string;
  settleDelayMs: number | null;
};
