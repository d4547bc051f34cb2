/** Who asks by the API: the public id of its key, what the key is called, and the address from which it was asked. */
export type Caller = { id: string; name: string; from: string | null };

/** Who does something: a caller, or one of our own parts by its word (`dialwright`, `temporal`, `setup`). */
export type Actor = string | Caller;
