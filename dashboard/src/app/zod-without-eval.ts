/**
 * The policy of the page forbids code that is made from text, and zod tries whether it may. It looks here before its first
 * schema is made; the rules of `domain/` are loaded later, by pages that need them.
 */
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true };
