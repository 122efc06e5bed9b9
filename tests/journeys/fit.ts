import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const NARROW = { width: 390, height: 844 };

/** The two widths and two themes that every page is looked at in. */
export const SCREENS = [
	{ name: 'wide and light', options: { colorScheme: 'light' } },
	{ name: 'wide and dark', options: { colorScheme: 'dark' } },
	{ name: 'narrow and light', options: { colorScheme: 'light', viewport: NARROW } },
	{ name: 'narrow and dark', options: { colorScheme: 'dark', viewport: NARROW } }
] as const;

/** What a machine finds against WCAG 2.2 AA, and how many pixels there are to scroll sideways. */
export async function misfits(page: Page): Promise<unknown[]> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		.analyze();
	const found: unknown[] = violations.flatMap(({ id, nodes }) =>
		nodes.map(({ target, failureSummary }) => [id, target, failureSummary])
	);
	const room = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	return room === 0 ? found : [...found, `${room} pixels to scroll sideways`];
}

/** Nothing against WCAG 2.2 AA that a machine can find, and nothing to scroll sideways. */
export async function expectFit(page: Page): Promise<void> {
	expect(await misfits(page)).toEqual([]);
}
