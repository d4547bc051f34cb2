import { hash, verify } from '@node-rs/argon2';
import { createTurns } from './turns.js';

/** Argon2id, by the second recommendation of OWASP: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** So many at a time: each takes a core for some 30 ms, and 19 MiB. */
const AT_ONCE_MAX = 2;
/** More that wait are refused. */
const WAITING_MAX = 50;

const inTurn = createTurns(AT_ONCE_MAX, { waitingMax: WAITING_MAX });

/** @throws NoTurnError */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFKC'), OPTIONS));
}

/** Takes as long when there is no hash: nobody learns by the time whether there is such a person. @throws NoTurnError */
export function isPassword(stored: string | null, password: string): Promise<boolean> {
  return inTurn(async () => {
    const isRight = await verify(stored ?? (await nobodysHash()), password.normalize('NFKC'));
    return stored !== null && isRight;
  });
}

let ofNobody: Promise<string> | null = null;
function nobodysHash(): Promise<string> {
  return (ofNobody ??= hash('the password of nobody', OPTIONS));
}
