import { getContext, setContext } from 'svelte';

/** How long the first key of a sequence such as `g i` waits for the second. */
const sequenceMs = 1_200;

/** What of a keyboard event decides; small, so that a test needs no browser. */
export interface Press {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	altKey: boolean;
	shiftKey?: boolean;
	repeat?: boolean;
	timeStamp: number;
	/** The focus is where text goes. */
	typing: boolean;
}

/** The name of a press as bindings spell it: `j`, `?`, `Enter`, `Ctrl K`, `Ctrl Shift A` (⌘ counts as Ctrl). */
function nameOf({ key, ctrlKey, metaKey, shiftKey }: Press): string {
	const letter = key.length === 1 && key.toUpperCase() !== key.toLowerCase();
	if (ctrlKey || metaKey) return `Ctrl ${shiftKey && letter ? 'Shift ' : ''}${key.toUpperCase()}`;
	return key.length === 1 ? key.toLowerCase() : key;
}

/** The keys of what is on the screen. What was bound last answers first, so a thread may override its list. */
export class Shortcuts {
	#layers: Map<string, () => void>[] = [];
	#first: { key: string; at: number } | null = null;

	/** Binds keys, `g i` for one after the other. Returns what unbinds them. */
	bind(keys: Record<string, () => void>): () => void {
		const layer = new Map(Object.entries(keys));
		this.#layers.push(layer);
		return () => {
			this.#layers = this.#layers.filter((other) => other !== layer);
		};
	}

	/** Runs what a press means. Answers whether it meant anything. Text fields keep all but the Ctrl keys and Escape. */
	press(press: Press): boolean {
		if (press.altKey || ['Shift', 'Control', 'Alt', 'Meta'].includes(press.key)) return false;
		const key = nameOf(press);
		if (press.typing && !key.startsWith('Ctrl ') && key !== 'Escape') return false;
		const first = this.#first && press.timeStamp - this.#first.at < sequenceMs ? this.#first.key : null;
		this.#first = null;
		if (first && this.#run(`${first} ${key}`)) return true;
		if (this.#run(key)) return true;
		if (this.#starts(key)) this.#first = { key, at: press.timeStamp };
		return false;
	}

	#run(key: string): boolean {
		const act = this.#layers.findLast((layer) => layer.has(key))?.get(key);
		act?.();
		return act !== undefined;
	}

	#starts(key: string): boolean {
		return this.#layers.some((layer) => [...layer.keys()].some((name) => name.startsWith(`${key} `)));
	}
}

/** Whether the focus is where text goes. */
export function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null)
	);
}

/** Whether a key belongs to what has the focus: Enter presses a button or follows a link, arrows scroll a thread. */
export function isTaken(key: string, target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (key === 'Enter') return target.closest('button, a, summary') !== null;
	return key.startsWith('Arrow') && target.closest('[role="log"]') !== null;
}

/** Whether the focus is in a menu or dialog, which has keys of its own: Escape closes it, and nothing behind it. */
export function isOverlaid(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && target.closest('[role="menu"], [role="dialog"]') !== null;
}

const key = Symbol('shortcuts');
export const setShortcuts = (shortcuts: Shortcuts) => setContext(key, shortcuts);
export const getShortcuts = () => getContext<Shortcuts>(key);
