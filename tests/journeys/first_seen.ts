import type { Page } from '@playwright/test';

/**
 * The moment, in milliseconds since 1970, at which words are first visible in what a selector names. To be called
 * before they are said and awaited after: the page watches itself, so no time is lost to asking it.
 */
export function firstSeen(page: Page, selector: string, text: string): Promise<number> {
	return page.evaluate(
		({ selector, text }) =>
			new Promise<number>((resolve) => {
				const isThere = () =>
					[...document.querySelectorAll(selector)].some(
						(element) => element.checkVisibility() && element.textContent?.includes(text)
					);
				new MutationObserver((_, observer) => {
					if (!isThere()) return;
					observer.disconnect();
					resolve(Date.now());
				}).observe(document.body, { subtree: true, childList: true, characterData: true });
			}),
		{ selector, text }
	);
}

/** The statuses an element with these words goes through, from now until the last one named. */
export function statusesSeen(page: Page, selector: string, text: string, last: string): Promise<string[]> {
	return page.evaluate(
		({ selector, text, last }) =>
			new Promise<string[]>((resolve) => {
				const seen: string[] = [];
				new MutationObserver((_, observer) => {
					const elements = [...document.querySelectorAll<HTMLElement>(selector)];
					const status = elements.find((element) => element.textContent?.includes(text))?.dataset['status'];
					if (!status || status === seen.at(-1)) return;
					seen.push(status);
					if (status !== last) return;
					observer.disconnect();
					resolve(seen);
				}).observe(document.body, { subtree: true, childList: true, attributes: true });
			}),
		{ selector, text, last }
	);
}
