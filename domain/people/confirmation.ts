/**
 * How long a session may do what gives somebody access, or takes a protection away, after its person has shown who it is: by
 * signing in, or by a confirmation. A session that was stolen later may not.
 */
export const CONFIRMED_FOR_MS = 15 * 60_000;
