import { hash, verify } from '@node-rs/argon2';

/** Argon2id, by the second recommendation of OWASP: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** So many at a time: each takes a core for some 30 ms, and 19 MiB. */
const AT_ONCE_MAX = 2;
/** More that wait are refused. */
const WAITING_MAX = 50;

class TooManyPasswordsError extends Error {
  override readonly name = 'TooManyPasswordsError';
  readonly code = 'TOO_MANY_PASSWORDS';
}

let running = 0;
const waiting: (() => void)[] = [];

/** @throws TooManyPasswordsError */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFKC'), OPTIONS));
}

/** Takes as long when there is no hash: nobody learns by the time whether there is such a person. @throws TooManyPasswordsError */
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

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX) throw new TooManyPasswordsError('too many passwords are being checked');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
