import CircleCheck from '@lucide/svelte/icons/circle-check';
import Undo from '@lucide/svelte/icons/undo-2';
import Circle from '@lucide/svelte/icons/circle-dot';
import UserCheck from '@lucide/svelte/icons/user-check';
import Zap from '@lucide/svelte/icons/zap';
import type { Inbox } from '#lib/inbox/inbox.svelte.ts';
import type { Ways } from '#lib/inbox/ways.svelte.ts';
import type { Command } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import { attempt } from '#lib/ui/toast.ts';
import { may, type Place } from '#lib/workspace/context.ts';
import type { Deed } from './asking.ts';

/** What is done to the selection, the macros for it or the open conversation, and the way back. */
export function bulkCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	const { bulk, selection } = inbox;
	const targets = selection.active ? selection.ids : inbox.openId === null ? [] : [inbox.openId];
	const onMany = (ids: readonly string[], deed: Deed) => bulk.run(ids, deed, () => selection.clear());
	const group = 'conversation';
	return [
		{
			id: 'bulk-close',
			group,
			label: m.bulk_close(),
			keys: 'Shift E',
			icon: CircleCheck,
			when: selection.active && may(place, 'conversations.close'),
			run: () => void onMany(selection.ids, { actions: [{ type: 'close' }] })
		},
		{
			id: 'bulk-mine',
			group,
			label: m.bulk_mine(),
			keys: 'Shift M',
			icon: UserCheck,
			when: selection.active && may(place, 'conversations.assign'),
			run: () => void onMany(selection.ids, { actions: [{ type: 'assign_agent', agent: 'me' }] })
		},
		{
			id: 'bulk-undo',
			group,
			label: m.bulk_undo(),
			keys: 'z',
			icon: Undo,
			when: bulk.undoable,
			run: () => void bulk.undo()
		},
		{
			id: 'macro-record',
			group,
			label: bulk.recorder.active ? m.macro_stop() : m.macro_record(),
			keys: 'Shift R',
			icon: Circle,
			when: inbox.open !== null && may(place, 'conversations.reply'),
			run: () => {
				if (bulk.recorder.active) void attempt(() => bulk.recorder.stop());
				else if (inbox.open) bulk.recorder.start(inbox.open.id, inbox.open.last_seq);
			}
		},
		{
			id: 'macro-menu',
			group,
			label: m.macro_run(),
			keys: '; ;',
			icon: Zap,
			when: inbox.open !== null && !inbox.open.is_history && may(place, 'conversations.reply'),
			run: () => ways.show('macro')
		},
		...bulk.choices.macros.map((macro) => ({
			id: `macro-${macro.id}`,
			group: 'conversation' as const,
			label: `${m.macro()} · ${macro.name}`,
			...(macro.shortcut ? { keys: `; ${macro.shortcut}` } : {}),
			icon: Zap,
			when: targets.length > 0 && may(place, 'conversations.reply'),
			run: () => void bulk.runMacro(targets, macro.id, () => selection.clear())
		}))
	];
}
