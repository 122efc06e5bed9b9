import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';

/** What commands are about, in the order that palette and sheet show them. A new subject adds its line here. */
export const groups = {
	conversation: m.palette_actions,
	drawing: m.keys_drawing,
	writing: m.palette_send,
	moving: m.keys_moving,
	list: m.list_label,
	conversations: m.palette_conversations,
	go: m.palette_go,
	settings: m.nav_settings,
	own: m.user_menu,
	anywhere: m.keys_anywhere
};
export type Group = keyof typeof groups;

/**
 * Something one can do. It is stated once, and is then in the palette, on its key and in the sheet of keys. Whoever
 * offers commands names those with a key always, with `when` false while they can't be done, so that the sheet is whole.
 */
export interface Command {
	id: string;
	group: Group;
	label: string;
	/** A second line, such as a workspace's name; searched too. */
	note?: string;
	/** `e`, `Shift T`, `#`, `g i` for one after the other, `Ctrl Shift A`; of several the first is shown. */
	keys?: string | readonly string[];
	/** What to press where that is more than a key, such as a letter in a menu that opens. Shown, never bound. */
	shows?: string;
	icon?: Component<{ size?: number; strokeWidth?: number }>;
	/** False: not now. The key does nothing and the palette leaves it out. */
	when?: boolean;
	/** Only a key, such as moving down by one: the palette leaves it out. */
	keysOnly?: boolean;
	/** Null where the field that has the focus does it by itself: the sheet tells of its key, nothing is bound. */
	run: (() => void) | null;
}

/** The keys that do it. */
export function keysOf({ keys }: Command): readonly string[] {
	return keys === undefined ? [] : typeof keys === 'string' ? [keys] : keys;
}

/** The keys as they are shown beside it. */
export function shownKeys(command: Command): string | undefined {
	return command.shows ?? keysOf(command)[0];
}
