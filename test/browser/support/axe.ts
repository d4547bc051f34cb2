import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What depends on the scheme; all else is the same in both. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** The serious and critical faults of accessibility on a page, targets under 24 pixels among them. `onlyColours`: of the scheme alone. */
export async function seriousFaults(page: Page, { onlyColours = false, withTargets = true } = {}): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ rules: { 'target-size': { enabled: withTargets } } });
  const { violations } = await (onlyColours ? axe.withRules(OF_COLOURS) : axe).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 300)}`));
}
