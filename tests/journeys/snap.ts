import type { Page } from '@playwright/test';

/** Draws what is on the screen, light and dark, wide and narrow, where somebody wants to look: `SNAPS` is a folder. */
export async function snap(page: Page, name: string): Promise<void> {
	const folder = process.env.SNAPS;
	if (!folder) return;
	const wide = page.viewportSize();
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		for (const width of [1440, 390]) {
			await page.setViewportSize({ width, height: 844 });
			await page.waitForTimeout(400); // For the eye alone: colours fade over.
			await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
		}
	}
	if (wide) await page.setViewportSize(wide);
	await page.emulateMedia({ colorScheme: null });
}
