import type { Command } from '#lib/keys/command.ts';
import { isTyping } from '#lib/keys/shortcuts.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Editor } from './editor.svelte.ts';

interface Ways {
	find: () => void;
	leave: () => void;
}

/** What can be done with a drawing. Text fields keep their own undoing, copying and choosing. */
export function flowCommands(editor: Editor, { find, leave }: Ways): Command[] {
	const group = 'drawing';
	const free = !isTyping(document.activeElement);
	const chosen = editor.may && free && (editor.chosen.size > 0 || editor.ways.length > 0);
	const nudges = (
		[
			['ArrowLeft', -1, 0],
			['ArrowRight', 1, 0],
			['ArrowUp', 0, -1],
			['ArrowDown', 0, 1]
		] as const
	).flatMap(([key, x, y]) =>
		[1, 4].map((times): Command => ({
			id: `nudge-${key}-${times}`,
			group,
			label: times === 1 ? m.bot_nudge() : m.bot_nudge_far(),
			keys: times === 1 ? key : `Shift ${key}`,
			keysOnly: true,
			when: chosen,
			run: () => editor.nudge(x * times * 10, y * times * 10)
		}))
	);
	return [
		{ id: 'flow-find', group, label: m.bot_find_block(), keys: '/', when: editor.may && free, run: find },
		{ id: 'flow-save', group, label: m.bot_save(), keys: 'Ctrl S', when: editor.may, run: () => void editor.save() },
		{ id: 'flow-undo', group, label: m.bot_undo(), keys: 'Ctrl Z', when: free && editor.canUndo, run: editor.undo },
		{
			id: 'flow-redo',
			group,
			label: m.bot_redo(),
			keys: ['Ctrl Shift Z', 'Ctrl Y'],
			when: free && editor.canRedo,
			run: editor.redo
		},
		// Copying, cutting and pasting are the browser's own events, so that no permission is asked for.
		{ id: 'flow-copy', group, label: m.bot_copy(), keys: 'Ctrl C', keysOnly: true, run: null },
		{ id: 'flow-paste', group, label: m.bot_paste(), keys: 'Ctrl V', keysOnly: true, run: null },
		{ id: 'flow-duplicate', group, label: m.bot_duplicate(), keys: 'Ctrl D', when: chosen, run: editor.duplicate },
		{ id: 'flow-all', group, label: m.bot_all(), keys: 'Ctrl A', when: free, run: editor.chooseAll },
		{
			id: 'flow-remove',
			group,
			label: m.bot_remove(),
			keys: ['Delete', 'Backspace'],
			when: chosen,
			run: editor.remove
		},
		{
			id: 'flow-tidy',
			group,
			label: m.bot_tidy(),
			keys: 'Shift L',
			when: editor.may && free,
			run: () => void editor.layOut()
		},
		{ id: 'flow-fit', group, label: m.bot_fit(), keys: 'Shift F', when: free, run: () => editor.view?.fit() },
		{ id: 'flow-in', group, label: m.bot_zoom_in(), keys: '+', when: free, run: () => editor.view?.zoomIn() },
		{ id: 'flow-out', group, label: m.bot_zoom_out(), keys: '-', when: free, run: () => editor.view?.zoomOut() },
		{
			id: 'flow-none',
			group,
			label: m.bot_choose_none(),
			keys: 'Escape',
			keysOnly: true,
			when: editor.chosen.size > 0,
			run: () => (editor.chosen = new Set())
		},
		{ id: 'flow-leave', group, label: m.bot_leave(), run: leave },
		...nudges
	];
}
