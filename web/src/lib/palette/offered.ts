import type { Command, Group } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import { grouped } from './grouped.ts';
import { rankOf } from './rank.ts';

export interface OfferedGroup {
	name: Group | 'recent';
	title: string;
	commands: Command[];
}

/** Conversations shown before anything is typed: enough to remember that they are there. */
const fewConversations = 6;

/**
 * What the palette shows: while nothing is typed, what was done last and then everything by its group; for words, what
 * fits them, the group with the best first. `found` was looked for in the database, and is not judged again.
 */
export function offered(commands: Command[], query: string, done: string[], found: Command[] = []): OfferedGroup[] {
	const able = commands.filter(({ run, when, keysOnly }) => run !== null && when !== false && !keysOnly);
	if (query.trim() === '') {
		const recent = done.flatMap((id) => able.find((command) => command.id === id) ?? []);
		const rest = able.filter((command) => !recent.includes(command));
		const groups = grouped(rest).map((group) =>
			group.name === 'conversations' ? { ...group, commands: group.commands.slice(0, fewConversations) } : group
		);
		return recent.length > 0 ? [{ name: 'recent', title: m.palette_recent(), commands: recent }, ...groups] : groups;
	}
	const ranks = new Map<Command, number>();
	for (const command of able) {
		const rank = rankOf(query, command.label, command.note);
		// Of two that fit alike the one that was done before.
		if (rank > 0) ranks.set(command, rank + (done.includes(command.id) ? 0.5 : 0));
	}
	const known = new Set([...ranks.keys()].map(({ id }) => id));
	for (const command of found) if (!known.has(command.id)) ranks.set(command, 1.5);
	const rank = (command: Command) => ranks.get(command) ?? 0;
	const best = (group: OfferedGroup) => Math.max(...group.commands.map(rank));
	return grouped([...ranks.keys()].sort((a, b) => rank(b) - rank(a)))
		.map((group) => ({ ...group, commands: group.commands.slice(0, 12) }))
		.sort((a, b) => best(b) - best(a));
}
