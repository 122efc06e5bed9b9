import { expect, test } from 'vitest';
import { lookers, pagesOf, type Presence } from './presence.ts';

const names: Record<string, string> = { ana: 'Ana', sofia: 'Sofia', caio: 'Caio' };
const members = Object.entries(names).map(([user_id, display_name]) => ({ user_id, display_name }));

const page = (user_id: string, conversation_id: string | null, typing_at: number | null = null): Presence => ({
	user_id,
	name: names[user_id] ?? user_id,
	conversation_id,
	typing_at,
	typing: 'reply',
	preparing: null
});

/** What a page sends. */
const tells = (conversation_id: string | null, typing_at: number | null = null) => ({ conversation_id, typing_at });

test('a person with two tabs on a conversation is one looker, typing if either tab is', () => {
	const pages = pagesOf({ sofia: [tells('k'), tells('k', 5)], caio: [tells('other')] }, members);
	expect(lookers(pages, 'ana').get('k')).toEqual([page('sofia', 'k', 5)]);
});

test('nobody is told that they themselves are looking', () => {
	expect(lookers([page('ana', 'k', 5)], 'ana').get('k')).toBeUndefined();
});

test('presence of another shape is ignored', () => {
	const state = { caio: [{ presence_ref: 'a' }, null, { conversation_id: 7, typing_at: 'now' }] };
	expect(pagesOf(state, members)).toEqual([]);
});

test('nobody can pass for someone else by what they tell of themselves', () => {
	const forged = { ...tells('k', 5), user_id: 'sofia', name: 'Suporte Prosa' };
	expect(pagesOf({ caio: [forged] }, members)).toEqual([page('caio', 'k', 5)]);
});

test('who is not a member of the workspace is not shown', () => {
	expect(pagesOf({ stranger: [tells('k', 5)], sofia: [tells('k')] }, members)).toEqual([page('sofia', 'k')]);
});

test('who answers the customer comes before who writes a note, and both before who only looks', () => {
	const noting = { ...tells('k', 5), typing: 'note' };
	const pages = pagesOf({ ana: [tells('k')], sofia: [noting], caio: [tells('k', 7)] }, members);
	expect(
		lookers(pages, 'me')
			.get('k')
			?.map(({ name, typing }) => [name, typing])
	).toEqual([
		['Caio', 'reply'],
		['Sofia', 'note'],
		['Ana', 'reply']
	]);
});

test('what lies ready for the customer is told, and nothing but what we know of; it comes before a note', () => {
	const ready = { ...tells('k'), preparing: 'template' };
	const noting = { ...tells('k', 5), typing: 'note' };
	const strange = { ...tells('k'), preparing: '<b>' };
	const pages = pagesOf({ sofia: [noting], ana: [strange], caio: [ready] }, members);
	expect(
		lookers(pages, 'me')
			.get('k')
			?.map(({ name, preparing }) => [name, preparing])
	).toEqual([
		['Caio', 'template'],
		['Sofia', null],
		['Ana', null]
	]);
});
