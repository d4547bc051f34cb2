import { TEST_PURPOSE, type BatchPurpose, type LawfulRule } from './lawful-rule.js';
import { usFederalTelemarketing } from './us-federal-telemarketing.js';

/** The only list of rules. A rule without a checked source ships switched off. */
export const RULE_PACKS: readonly LawfulRule[] = [usFederalTelemarketing];

/** The rules for a purpose: those that are on by default, unless a workspace has chosen others by id. A test call has all that are on. */
export function lawfulRulesFor(purpose: BatchPurpose, enabledIds?: readonly string[]): LawfulRule[] {
  return RULE_PACKS.filter(
    (rule) =>
      (purpose === TEST_PURPOSE || rule.purpose === purpose) &&
      (enabledIds ? enabledIds.includes(rule.id) : rule.enabledByDefault),
  );
}
