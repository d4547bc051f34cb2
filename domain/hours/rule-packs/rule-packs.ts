import type { CallPurpose, LawfulRule } from './lawful-rule.js';
import { usFederalTelemarketing } from './us-federal-telemarketing.js';

/** The only list of rules. A rule without a checked source ships switched off. */
export const RULE_PACKS: readonly LawfulRule[] = [usFederalTelemarketing];

/** The rules for a purpose: those that are on by default, unless a workspace has chosen others by id. */
export function lawfulRulesFor(purpose: CallPurpose, enabledIds?: readonly string[]): LawfulRule[] {
  return RULE_PACKS.filter(
    (rule) => rule.purpose === purpose && (enabledIds ? enabledIds.includes(rule.id) : rule.enabledByDefault),
  );
}
