const prefix = /^\(\d+\+?\) /;

/** A page's title with what waits before it: `(3) Caixa de entrada`. */
export function badgedTitle(title: string, count: number): string {
	const bare = title.replace(prefix, '');
	return count > 0 ? `(${count > 99 ? '99+' : count}) ${bare}` : bare;
}

/** The icon with a dot on it. */
export function dottedIcon(svg: string): string {
	const dotted = svg.replace(
		'</svg>',
		'<circle cx="75%" cy="25%" r="22%" fill="#e5484d" stroke="#fff" stroke-width="4%"/></svg>'
	);
	return `data:image/svg+xml,${encodeURIComponent(dotted)}`;
}

/** Keeps the count in the title, whoever writes the title; a dot on the tab's icon, and a number on the app's. */
export class Badge {
	#count = 0;
	#observer: MutationObserver;
	#icon: HTMLLinkElement | null;
	#plain: string | null;
	#dotted: string | null = null;

	constructor() {
		this.#icon = document.querySelector('link[rel="icon"]');
		this.#plain = this.#icon?.getAttribute('href') ?? null;
		this.#observer = new MutationObserver(() => this.#title());
		this.#observer.observe(document.head, { childList: true, subtree: true, characterData: true });
	}

	show(count: number) {
		if (this.#count === count) return;
		this.#count = count;
		this.#title();
		void this.#dot();
		// Only where the app is installed; elsewhere it is refused, which is no matter.
		if ('setAppBadge' in navigator)
			void (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined);
	}

	stop() {
		this.show(0);
		this.#observer.disconnect();
	}

	#title() {
		const wanted = badgedTitle(document.title, this.#count);
		if (document.title !== wanted) document.title = wanted;
	}

	async #dot() {
		if (!this.#icon || !this.#plain) return;
		if (this.#count === 0) {
			this.#icon.href = this.#plain;
			return;
		}
		try {
			this.#dotted ??= dottedIcon(await (await fetch(this.#plain)).text());
			if (this.#count > 0) this.#icon.href = this.#dotted;
		} catch {
			// Not reached: the title says it all the same.
		}
	}
}
