import { ACCOUNT_MUTANTS } from './account-mutants.js';
import { EVIDENCE_MUTANTS } from './evidence-mutants.js';
import { GATE_MUTANTS } from './gate-mutants.js';
import { LIMIT_MUTANTS } from './limit-mutants.js';
import type { Mutant } from './mutant.js';
import { NEIGHBOUR_MUTANTS } from './neighbour-mutants.js';
import { PRIVACY_MUTANTS } from './privacy-mutants.js';
import { WAITING_MUTANTS } from './waiting-mutants.js';

export const ALL_MUTANTS: readonly Mutant[] = [
  ...GATE_MUTANTS,
  ...LIMIT_MUTANTS,
  ...EVIDENCE_MUTANTS,
  ...ACCOUNT_MUTANTS,
  ...WAITING_MUTANTS,
  ...NEIGHBOUR_MUTANTS,
  ...PRIVACY_MUTANTS,
];
