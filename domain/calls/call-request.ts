/** One call to place, as the claim gives it and the provider gets it. */
export type CallRequest = {
  from: string;
  to: string;
  /** The provider's own id of the agent, and its version when the recipient overrides it. */
  agentId: string;
  agentVersion: string | null;
  /** Dynamic variables, exact header text to exact cell text. */
  variables: Record<string, string>;
  metadata: Record<string, unknown>;
  sipHeaders: Record<string, string>;
  /** Whether the number is dialled as written, without an E.164 check. */
  skipPhoneCheck: boolean;
  ringLimitMs: number;
  callLengthMaxMs: number;
};
