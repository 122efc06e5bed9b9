import { keysOf, type Command } from './command.ts';

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

/**
 * The name of a press as commands spell it: `j`, `?`, `Enter`, `Shift T`, `Shift ArrowDown`, `Ctrl K`, `Ctrl Shift A`.
 * ⌘ counts as Ctrl. Signs are what they are, whatever was held to type them: `#` and not `Shift 3`.
 */
export function nameOf({ key, ctrlKey, metaKey, shiftKey }: Press): string {
	const sign = key.length === 1 && key.toUpperCase() === key.toLowerCase();
	const shift = shiftKey && !sign ? 'Shift ' : '';
	const name = key === ' ' ? 'Space' : key;
	if (ctrlKey || metaKey) return `Ctrl ${shift}${name.length === 1 ? name.toUpperCase() : name}`;
	if (name.length > 1) return `${shift}${name}`;
	return shift ? `${shift}${name.toUpperCase()}` : name.toLowerCase();
}

/** Runs the commands that keys stand for, among those on offer; of two with one key, the first that can be done now. */
export class Shortcuts {
	#commands: () => Command[];
	#first: { key: string; at: number } | null = null;

	constructor(commands: () => Command[]) {
		this.#commands = commands;
	}

	/** Runs what a press means. Answers whether it meant anything. Text fields keep all but the Ctrl keys and Escape. */
	press(press: Press): boolean {
		if (press.altKey || ['Shift', 'Control', 'Alt', 'Meta'].includes(press.key)) return false;
		const key = nameOf(press);
		if (press.typing && !key.startsWith('Ctrl ') && key !== 'Escape') return false;
		const commands = this.#commands().filter(({ run, when }) => run !== null && when !== false);
		const first = this.#first && press.timeStamp - this.#first.at < sequenceMs ? this.#first.key : null;
		this.#first = null;
		const meant = (first && find(commands, `${first} ${key}`)) || find(commands, key);
		if (meant) {
			meant.run?.();
			return true;
		}
		const starts = commands.some((command) => keysOf(command).some((name) => name.startsWith(`${key} `)));
		if (starts) this.#first = { key, at: press.timeStamp };
		return false;
	}
}

const find = (commands: Command[], key: string) => commands.find((command) => keysOf(command).includes(key));

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
