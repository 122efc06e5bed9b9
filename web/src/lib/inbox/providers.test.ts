import { expect, test } from 'vitest';
import { PERMISSIONS } from '@prosa/core/permissions/permissions.ts';
import type { Session } from '../auth/session.svelte.ts';
import { groups, keysOf, shownKeys, type Command } from '../keys/command.ts';
import { sheetOf } from '../keys/sheet.ts';
import type { Connection } from '../realtime/connection.svelte.ts';
import { commandsEverywhere } from '../workspace/commands.ts';
import type { Place } from '../workspace/context.ts';
import { Inbox } from './inbox.svelte.ts';
import { inboxCommands } from './providers.ts';
import type { InboxRow } from './rows.ts';
import { Ways } from './ways.svelte.ts';

const nothing = () => undefined;
const place = {
	person: { id: 'me', email: 'me@example.test' },
	workspace: { tenant_id: 'tenant', name: 'Padaria', slug: 'padaria', role: 'admin', permissions: [...PERMISSIONS] },
	workspaces: [],
	members: [{ user_id: 'other', display_name: 'Caio', role: 'agent' }],
	teamIds: []
} as unknown as Place;
const row = (changes: Partial<InboxRow>) =>
	({
		id: 'one',
		status: 'open',
		folder: 'open',
		assignee_id: null,
		is_history: false,
		updated_at: '2026-11-01T10:00:00Z',
		last_message_at: '2026-11-01T10:00:00Z',
		tag_ids: [],
		contact: { id: 'c', name: 'Bia', username: null, phone: '5511987654321' },
		...changes
	}) as InboxRow;

/** Everything on offer while a conversation is open, or none. */
function commandsWith(open: InboxRow | null): Command[] {
	const inbox = new Inbox(place, { client: {} } as Session, {} as Connection);
	if (open) {
		inbox.seed(open, []);
		inbox.show(open.id);
	}
	const ways = new Ways({
		visit: nothing,
		move: nothing,
		extend: nothing,
		chooseHere: nothing,
		openRow: nothing,
		toggleList: nothing,
		toggleViews: nothing,
		editFilter: nothing,
		toggleDetails: nothing
	});
	if (open) {
		ways.composer = {
			turn: nothing,
			choose: nothing,
			openMenu: nothing,
			toggleEmoji: nothing,
			openSchedule: nothing,
			openAssist: nothing,
			assist: nothing,
			canAssist: () => true,
			blocked: false,
			mayNote: true
		};
	}
	const everywhere = commandsEverywhere(place, {
		goTo: nothing,
		visit: nothing,
		search: nothing,
		togglePalette: nothing,
		showKeys: nothing,
		showNotices: nothing,
		signOut: nothing
	});
	return [...inboxCommands(inbox, place, ways), ...everywhere];
}

const situations: [string, InboxRow | null][] = [
	['no conversation is open', null],
	['an open conversation of nobody’s is open', row({})],
	['one of mine is open', row({ assignee_id: 'me' })],
	['a closed one is open', row({ status: 'closed', folder: 'closed' })]
];

test.each(situations)('no key means two things while %s', (_, open) => {
	const owners = new Map<string, string[]>();
	for (const command of commandsWith(open)) {
		if (command.when === false || command.run === null) continue;
		for (const key of keysOf(command)) owners.set(key, [...(owners.get(key) ?? []), command.id]);
	}
	expect([...owners].filter(([, ids]) => ids.length > 1)).toEqual([]);
	const swallowed = [...owners.keys()].filter((key) => [...owners.keys()].some((other) => other.startsWith(`${key} `)));
	expect(swallowed, 'a key that begins a longer one would never let it come').toEqual([]);
});

test('a key belongs to one command, whatever is open', () => {
	const owners = new Map<string, Set<string>>();
	for (const [, open] of situations) {
		for (const command of commandsWith(open)) {
			if (command.run === null) continue;
			for (const key of keysOf(command)) owners.set(key, (owners.get(key) ?? new Set()).add(command.id));
		}
	}
	// Escape goes back one step, whichever it is.
	owners.delete('Escape');
	expect([...owners].filter(([, ids]) => ids.size > 1).map(([key, ids]) => [key, ...ids])).toEqual([]);
});

test.each(situations)('the sheet names every key and its command, also those that can’t be used now: %s', (_, open) => {
	const commands = commandsWith(open);
	const listed = sheetOf(commands).flatMap((group) => group.commands.map(({ id }) => id));
	expect(listed.sort()).toEqual(
		commands
			.filter((command) => shownKeys(command) !== undefined)
			.map(({ id }) => id)
			.sort()
	);
	const closed = commandsWith(null).filter((command) => keysOf(command).length > 0);
	const keyed = commands.filter((command) => keysOf(command).length > 0);
	expect(keyed.map(({ id }) => id).sort()).toEqual(closed.map(({ id }) => id).sort());
});

test('keys are spelled as a press is named', () => {
	const spelled = /^(Ctrl )?(Shift )?(Alt )?([a-z]|[A-Z]|[^\w\s]|\d|Enter|Escape|Space|Tab|Arrow(Up|Down|Left|Right))$/;
	for (const [, open] of situations) {
		for (const command of commandsWith(open)) {
			for (const keys of keysOf(command)) {
				const presses = keys.split(/ (?=[^ ]+$)/);
				const single = spelled.test(keys);
				expect(single || presses.every((press) => spelled.test(press)), `${command.id}: ${keys}`).toBe(true);
				if (/^[A-Z]$/.test(keys)) expect.fail(`${command.id}: write ${keys.toLowerCase()} or Shift ${keys}`);
			}
			expect(groups).toHaveProperty(command.group);
		}
	}
});

test('an id names one command', () => {
	const ids = commandsWith(row({})).map(({ id }) => id);
	expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('the sheet is searched by name, without accents, and by key', () => {
	const commands = commandsWith(row({}));
	const found = (query: string) => sheetOf(commands, query).flatMap((group) => group.commands.map(({ id }) => id));
	expect(found('proxima')).toEqual(['next']);
	expect(found('ctrl k')).toEqual(['palette']);
	expect(found('nada disso')).toEqual([]);
});
