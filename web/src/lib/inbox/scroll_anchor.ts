/**
 * Keeps what one reads where it is while the thread grows above or below. The scroller is laid out from its end
 * (`column-reverse`), so its scrollTop is 0 at the newest message and negative above; pages put before the first
 * message move nothing by themselves, and at the end new messages push the old ones up, as they should.
 */
const endPx = 80;

export function isAtEnd(scroller: HTMLElement): boolean {
	return scroller.scrollTop > -endPx;
}

/** Notes the first message in sight: a message, since dividers move when older pages come. The function it returns puts it back there; null when the end is in sight, unless what follows is pages (`always`). */
export function holdPlace(scroller: HTMLElement, always = false): (() => void) | null {
	if (!always && isAtEnd(scroller)) return null;
	const top = scroller.getBoundingClientRect().top;
	const inSight = (element: Element) => element.getBoundingClientRect().bottom > top;
	const anchor = [...scroller.querySelectorAll('[data-testid="message"]')].find(inSight);
	if (!anchor) return null;
	const before = anchor.getBoundingClientRect().top;
	return () => {
		// The window went elsewhere.
		if (!anchor.isConnected) return;
		scroller.scrollTop += anchor.getBoundingClientRect().top - before;
	};
}

/** Begins at an element within: brings it a quarter down where it stands above what is seen. Answers whether it is there. */
export function startAt(scroller: HTMLElement, selector: string): boolean {
	const target = scroller.querySelector<HTMLElement>(selector);
	if (!target) return false;
	const above = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
	if (above < 0) scroller.scrollTop += above - scroller.clientHeight / 4;
	return true;
}
