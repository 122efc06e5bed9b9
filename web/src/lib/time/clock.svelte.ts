import { getContext, setContext } from 'svelte';
import { getLocale } from '../paraglide/runtime.js';
import { millisOf, type Instant } from './instant.ts';
import { zoneCookie } from './zone.ts';

const dayMs = 86_400_000;

/**
 * Now, and how instants read in the person's language and zone. The server draws with the zone of a cookie, so the
 * browser's first drawing is the same; a browser elsewhere corrects it a moment later and leaves the cookie for next time.
 */
export class Clock {
	now = $state(0);
	zone = $state('');

	readonly #locale = getLocale();
	readonly #day = $derived(new Intl.DateTimeFormat('en-CA', { timeZone: this.zone, dateStyle: 'short' }));
	readonly #time = $derived(this.#format({ hour: '2-digit', minute: '2-digit' }));
	readonly #moment = $derived(this.#format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }));
	readonly #exact = $derived(this.#format({ dateStyle: 'medium', timeStyle: 'medium' }));
	readonly #weekday = $derived(this.#format({ weekday: 'short' }));
	readonly #long = $derived(this.#format({ weekday: 'long', day: 'numeric', month: 'long' }));
	readonly #longYear = $derived(this.#format({ day: 'numeric', month: 'long', year: 'numeric' }));
	readonly #short = $derived(this.#format({ day: '2-digit', month: '2-digit' }));
	readonly #shortYear = $derived(this.#format({ day: '2-digit', month: '2-digit', year: '2-digit' }));
	readonly #relative = new Intl.RelativeTimeFormat(this.#locale, { numeric: 'auto' });

	constructor(now: number, zone: string) {
		this.now = now;
		this.zone = zone;
	}

	/** Ticks twice a minute and takes the browser's own zone. Returns what ends it. */
	start(): () => void {
		this.now = Date.now();
		const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
		if (zone !== this.zone) {
			this.zone = zone;
			document.cookie = `${zoneCookie}=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
		}
		const timer = setInterval(() => (this.now = Date.now()), 30_000);
		return () => clearInterval(timer);
	}

	/** The local day of an instant: 2026-11-21. */
	dayOf = (at: Instant): string => this.#day.format(millisOf(at) ?? 0);

	/** 14:32 */
	time(at: Instant): string {
		return this.#time.format(millisOf(at) ?? 0);
	}

	/** 21 de nov., 14:32; with its year when that isn't plain. */
	moment(at: Instant): string {
		return (Math.abs(this.#daysAgo(at)) < 300 ? this.#moment : this.#exact).format(millisOf(at) ?? 0);
	}

	/** 21 de nov. de 2026, 14:32:05 */
	exact(at: Instant): string {
		return this.#exact.format(millisOf(at) ?? 0);
	}

	/** As short as a list needs it: 14:32 · ontem · ter. · 03/11 · 03/11/25 */
	short(at: Instant): string {
		const millis = millisOf(at) ?? 0;
		const days = this.#daysAgo(at);
		if (days <= 0) return this.#time.format(millis);
		if (days === 1) return this.#relative.format(-1, 'day');
		if (days < 7) return this.#weekday.format(millis);
		return (days < 300 ? this.#short : this.#shortYear).format(millis);
	}

	/** A day divider: hoje · ontem · sexta-feira, 20 de novembro · 3 de março de 2025 */
	day(at: Instant): string {
		const days = this.#daysAgo(at);
		if (days === 0 || days === 1) return this.#relative.format(-days, 'day');
		return (days < 300 ? this.#long : this.#longYear).format(millisOf(at) ?? 0);
	}

	/** Whole minutes since an instant; null when there is none. */
	minutesSince(at: Instant | null): number | null {
		const millis = millisOf(at);
		return millis === null ? null : Math.max(0, Math.floor((this.now - millis) / 60_000));
	}

	/** 12 min · 3 h · 2 d, rounded down. */
	span(minutes: number): string {
		if (minutes < 60) return `${minutes} min`;
		if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h`;
		return `${Math.floor(minutes / 60 / 24)} d`;
	}

	#daysAgo(at: Instant): number {
		const today = Date.parse(this.#day.format(this.now));
		return Math.round((today - Date.parse(this.dayOf(at))) / dayMs);
	}

	#format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
		return new Intl.DateTimeFormat(this.#locale, { ...options, timeZone: this.zone });
	}
}

const key = Symbol('clock');
export const setClock = (clock: Clock) => setContext(key, clock);
export const getClock = () => getContext<Clock>(key);
