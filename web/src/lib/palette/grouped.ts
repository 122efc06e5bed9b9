import { groups, type Command, type Group } from '#lib/keys/command.ts';

export interface CommandGroup {
	name: Group;
	title: string;
	commands: Command[];
}

/** Commands under their groups' titles, in the groups' order; those that have none are left out. */
export function grouped(commands: Command[]): CommandGroup[] {
	return (Object.keys(groups) as Group[])
		.map((name) => ({ name, title: groups[name](), commands: commands.filter(({ group }) => group === name) }))
		.filter((group) => group.commands.length > 0);
}
