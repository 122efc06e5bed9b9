import { isOverlaid, isTyping } from '#lib/keys/shortcuts.ts';
import type { Command } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Place } from '#lib/workspace/context.ts';
import type { Inbox } from './inbox.svelte.ts';
import type { Ways } from './ways.svelte.ts';

/** Choosing several rows of the list. */
export function selectionCommands({ selection }: Inbox, _place: Place, ways: Ways): Command[] {
	const group = 'moving';
	return [
		{ id: 'select', group, label: m.key_select(), keys: 'x', keysOnly: true, run: ways.chooseHere },
		{
			id: 'select-down',
			group,
			label: m.key_select_down(),
			keys: 'Shift ArrowDown',
			keysOnly: true,
			run: () => ways.extend(1)
		},
		{
			id: 'select-up',
			group,
			label: m.key_select_up(),
			keys: 'Shift ArrowUp',
			keysOnly: true,
			run: () => ways.extend(-1)
		},
		// The key is the screen's own: a text field keeps its.
		{ id: 'select-all', group, label: m.key_select_all(), keys: 'Ctrl A', keysOnly: true, run: null },
		{
			id: 'select-none',
			group,
			label: m.select_none(),
			keys: 'Escape',
			keysOnly: true,
			when: selection.active,
			run: () => selection.clear()
		}
	];
}

/** Whether a key press asks for all rows, and not for all of a text. */
export function isSelectAll({
	key,
	ctrlKey,
	metaKey,
	shiftKey,
	altKey,
	target,
	defaultPrevented
}: KeyboardEvent): boolean {
	if (defaultPrevented || shiftKey || altKey || isTyping(target) || isOverlaid(target)) return false;
	return (ctrlKey || metaKey) && key.toLowerCase() === 'a';
}
