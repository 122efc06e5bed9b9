import { assignmentCommands } from '#lib/assignment/commands.ts';
import { bulkCommands } from '#lib/bulk/commands.ts';
import { composerCommands } from '#lib/composer/commands.ts';
import { contactCommands } from '#lib/contacts/commands.ts';
import { workingCommands } from '#lib/conversation/commands.ts';
import type { Command } from '#lib/keys/command.ts';
import { mergingCommands } from '#lib/merging/commands.ts';
import { viewCommands } from '#lib/views/commands.ts';
import { searchCommands } from '#lib/search/commands.ts';
import type { Place } from '#lib/workspace/context.ts';
import { conversationCommands, listCommands } from './commands.ts';
import type { Inbox } from './inbox.svelte.ts';
import { selectionCommands } from './selecting.ts';
import type { Ways } from './ways.svelte.ts';

/** A subject's commands in the inbox. Those with a key are always named, with `when` false while they can't be done. */
export type Provider = (inbox: Inbox, place: Place, ways: Ways) => Command[];

/** Every subject's commands. A new subject adds its line here; `providers.test.ts` keeps keys apart. */
export const providers: Provider[] = [
	assignmentCommands,
	conversationCommands,
	workingCommands,
	contactCommands,
	mergingCommands,
	searchCommands,
	composerCommands,
	selectionCommands,
	viewCommands,
	bulkCommands,
	listCommands
];

/** Everything that can be done in the inbox, with the keys that do it. */
export function inboxCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	return providers.flatMap((provider) => provider(inbox, place, ways));
}
