/** Where one's own sessions are kept. */
export const OWN_SESSIONS = ['ownSessions'] as const;
/** Where the state of one's own second factor is kept. */
export const OWN_FACTOR = ['ownSecondFactor'] as const;
