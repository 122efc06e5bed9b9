import { expect, test } from 'vitest';
import type { Message } from '../database.ts';
import type { Begun } from '../inbox/drafts.svelte.ts';
import { preparations, type Preparing, type Presence } from '../inbox/presence.ts';
import { aMessage } from '../inbox/samples.ts';
import { Collision, crossing, type Sight } from './collision.svelte.ts';

const begun: Begun = { seq: 5, assigneeId: null };
const sight = (more: Partial<Sight> = {}): Sight => ({
	lastSeq: 5,
	assigneeId: null,
	messages: [],
	lookers: [],
	...more
});
const reply = (seq: number, author_id: string | null, more: Partial<Message> = {}) =>
	aMessage(seq, { id: `m${seq}`, direction: 'out', author: 'agent', author_id, ...more });
const marina = (typing: 'reply' | 'note', typing_at: number | null = 1): Presence => ({
	user_id: 'marina',
	name: 'Marina',
	conversation_id: 'k',
	typing_at,
	typing,
	preparing: null
});
const kinds = (of: Sight) => crossing(of, begun, 'ana').map(({ key }) => key);

test('a colleague’s answer counts when it came after one began', () => {
	expect(kinds(sight({ messages: [reply(4, 'marina'), reply(6, 'marina')] }))).toEqual(['replied:m6']);
});

test('what one sent oneself, what a bot said, notes and reactions are nobody else’s answer', () => {
	const messages = [
		reply(6, 'ana'),
		reply(7, null, { author: 'bot' }),
		reply(8, 'marina', { kind: 'note', is_private: true }),
		reply(9, 'marina', { kind: 'reaction' })
	];
	expect(kinds(sight({ messages }))).toEqual([]);
});

test('an answer from the phone app is somebody else’s', () => {
	expect(kinds(sight({ messages: [reply(6, null)] }))).toEqual(['replied:m6']);
});

test('a colleague who writes to the customer counts, one who writes a note or only looks does not', () => {
	expect(kinds(sight({ lookers: [marina('reply')] }))).toEqual(['writing:marina']);
	expect(kinds(sight({ lookers: [marina('note')] }))).toEqual([]);
	expect(kinds(sight({ lookers: [marina('reply', null)] }))).toEqual([]);
});

test('a colleague with files, a template or a recording ready counts, until they type', () => {
	const ready = (preparing: Preparing, typing_at: number | null = null) => ({
		...marina('reply', typing_at),
		preparing
	});
	for (const what of preparations) expect(kinds(sight({ lookers: [ready(what)] }))).toEqual(['preparing:marina']);
	expect(kinds(sight({ lookers: [ready('files', 1)] }))).toEqual(['writing:marina']);
	expect(kinds(sight({ lookers: [{ ...ready('template', 1), typing: 'note' }] }))).toEqual(['preparing:marina']);
});

test('one who has a file ready and no words is at it too, and no longer once it is taken out', () => {
	const now = sight({ messages: [reply(6, 'marina')] });
	const asked = new Collision('k', 'ana', { begun: () => begun, begin: () => undefined }, () => now);
	asked.load();
	asked.holds(true, '');
	// An empty field ends nothing while the file is there.
	asked.wrote('reply', '');
	expect(asked.mayGo()).toBe(false);
	asked.holds(false, '');
	expect(asked.mayGo()).toBe(true);
});

test('that somebody else has it now counts, that one has it oneself does not', () => {
	expect(kinds(sight({ assigneeId: 'marina' }))).toEqual(['taken:marina']);
	expect(kinds(sight({ assigneeId: 'ana' }))).toEqual([]);
});

test('one is asked once about each thing, and again about a new one', () => {
	let now = sight();
	const kept = new Map<string, Begun>();
	const drafts = {
		begun: (id: string) => kept.get(id) ?? null,
		begin: (id: string, at: Begun) => void kept.set(id, at)
	};
	const collision = new Collision('k', 'ana', drafts, () => now);
	collision.wrote('reply', 'Oi');
	expect(collision.mayGo()).toBe(true);
	now = sight({ messages: [reply(6, 'marina')] });
	// A page that was left and opened again knows when the draft was begun.
	const again = new Collision('k', 'ana', drafts, () => now);
	again.load();
	expect(again.mayGo()).toBe(false);
	again.know();
	expect(again.mayGo()).toBe(true);
	const later = sight({ messages: [reply(6, 'marina'), reply(7, 'marina')] });
	const third = new Collision('k', 'ana', drafts, () => later);
	third.load();
	expect(third.mayGo()).toBe(false);
});

test('a note is nobody’s collision', () => {
	const collision = new Collision('k', 'ana', { begun: () => null, begin: () => undefined }, () =>
		sight({ lookers: [marina('reply')] })
	);
	collision.wrote('note', 'Cliente antigo');
	expect(collision.mayGo()).toBe(true);
});
