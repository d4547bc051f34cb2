import { ACCOUNT_MUTANTS } from './account-mutants.js';
import { AUDIT_MUTANTS } from './people/audit-mutants.js';
import { DOCUMENT_MUTANTS } from './document-mutants.js';
import { EGRESS_MUTANTS } from './egress-mutants.js';
import { EVIDENCE_MUTANTS } from './evidence-mutants.js';
import { GATE_MUTANTS } from './gate-mutants.js';
import { GROWTH_MUTANTS } from './growth-mutants.js';
import { IMPORT_MUTANTS } from './import-mutants.js';
import { JOB_MUTANTS } from './job-mutants.js';
import { LIMIT_MUTANTS } from './limit-mutants.js';
import { NEED_MUTANTS } from './need-mutants.js';
import { LIVE_MUTANTS } from './live-mutants.js';
import { MAIL_MUTANTS } from './people/mail-mutants.js';
import { MEMBER_MUTANTS } from './people/member-mutants.js';
import type { Mutant } from './mutant.js';
import { NEIGHBOUR_MUTANTS } from './neighbour-mutants.js';
import { OIDC_MUTANTS } from './people/oidc-mutants.js';
import { PEOPLE_MUTANTS } from './people/people-mutants.js';
import { OUTSIDE_MUTANTS } from './outside-mutants.js';
import { PERSON_MUTANTS } from './person-mutants.js';
import { PRIVACY_MUTANTS } from './privacy-mutants.js';
import { SECOND_FACTOR_MUTANTS } from './people/second-factor-mutants.js';
import { SESSION_MUTANTS } from './people/session-mutants.js';
import { SETTLING_MUTANTS } from './settling-mutants.js';
import { REQUEST_MUTANTS } from './request-mutants.js';
import { WAITING_MUTANTS } from './waiting-mutants.js';

export const ALL_MUTANTS: readonly Mutant[] = [
  ...GATE_MUTANTS,
  ...LIMIT_MUTANTS,
  ...EVIDENCE_MUTANTS,
  ...ACCOUNT_MUTANTS,
  ...WAITING_MUTANTS,
  ...SETTLING_MUTANTS,
  ...EGRESS_MUTANTS,
  ...NEED_MUTANTS,
  ...NEIGHBOUR_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...AUDIT_MUTANTS,
  ...MEMBER_MUTANTS,
  ...OIDC_MUTANTS,
  ...SECOND_FACTOR_MUTANTS,
  ...SESSION_MUTANTS,
  ...MAIL_MUTANTS,
  ...PERSON_MUTANTS,
  ...PRIVACY_MUTANTS,
  ...REQUEST_MUTANTS,
  ...DOCUMENT_MUTANTS,
  ...GROWTH_MUTANTS,
  ...LIVE_MUTANTS,
  ...OUTSIDE_MUTANTS,
  ...IMPORT_MUTANTS,
  ...JOB_MUTANTS,
];
