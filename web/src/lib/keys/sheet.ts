import { fold } from '@prosa/core/text/fold.ts';
import { grouped, type CommandGroup } from '#lib/palette/grouped.ts';
import { keysOf, shownKeys, type Command } from './command.ts';

/**
 * Every command with a key, grouped, as the sheet shows them. Looked for by key (`ctrl k`), or by words: those whose
 * name or key holds them all.
 */
export function sheetOf(commands: Command[], query = ''): CommandGroup[] {
	const sought = fold(query);
	const keyed = commands.filter((command) => shownKeys(command) !== undefined);
	const byKey = keyed.filter((command) => keysOf(command).some((keys) => fold(keys) === sought));
	if (byKey.length > 0) return grouped(byKey);
	const words = sought.split(' ').filter(Boolean);
	return grouped(
		keyed.filter((command) => {
			const text = fold([command.label, shownKeys(command), ...keysOf(command)].join(' '));
			return words.every((word) => text.includes(word));
		})
	);
}
