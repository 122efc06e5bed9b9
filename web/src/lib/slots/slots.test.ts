import { expect, test, vi } from 'vitest';
import type { BrowserClient } from '../auth/browser_client.ts';
import { Slots, type Summary, type Translation } from './slots.svelte.ts';

const translation = (message_id: string, more: Partial<Translation> = {}): Translation => ({
	tenant_id: 't',
	message_id,
	message_created_at: '2026-11-21T10:00:00Z',
	language: 'pt',
	source_language: 'en',
	text: 'Oi',
	made_by: 'test',
	created_at: '2026-11-21T10:00:01Z',
	updated_at: '2026-11-21T10:00:01Z',
	...more
});
const plain = { id: 'm1', edited_at: null, revoked_at: null };

/** A database of translations that counts how often it is asked. */
function slotsOver(rows: Translation[]) {
	const asked: string[][] = [];
	const query = {
		select: () => query,
		eq: () => query,
		in: (_: string, ids: string[]) => {
			asked.push(ids);
			return query;
		},
		throwOnError: async () => ({ data: rows })
	};
	const client = { from: () => query } as unknown as BrowserClient;
	return { slots: new Slots(() => client, 't'), asked };
}

test('messages that come onto the screen together are asked about together, each once', async () => {
	const { slots, asked } = slotsOver([translation('m1')]);
	for (const id of ['m1', 'm2', 'm1']) slots.want(id);
	await vi.waitFor(() => expect(slots.translationOf(plain)?.text).toBe('Oi'));
	slots.want('m2');
	expect(asked).toEqual([['m1', 'm2']]);
});

test('only what is in the person’s language is shown, whichever country’s', () => {
	const { slots } = slotsOver([]);
	slots.translated(translation('m1', { language: 'es' }));
	expect(slots.translationOf(plain)).toBeNull();
	slots.translated(translation('m1', { language: 'pt-PT', text: 'Olá' }));
	expect(slots.translationOf(plain)?.text).toBe('Olá');
});

test('a translation of words that were changed or taken back since is not shown', () => {
	const { slots } = slotsOver([]);
	slots.translated(translation('m1'));
	expect(slots.translationOf({ ...plain, edited_at: '2026-11-21T11:00:00Z' })).toBeNull();
	expect(slots.translationOf({ ...plain, revoked_at: '2026-11-21T11:00:00Z' })).toBeNull();
	slots.translated(translation('m1', { updated_at: '2026-11-21T12:00:00Z', text: 'Novo' }));
	expect(slots.translationOf({ ...plain, edited_at: '2026-11-21T11:00:00Z' })?.text).toBe('Novo');
});

test('of two versions the newer stays, whatever order they come in', () => {
	const { slots } = slotsOver([]);
	const summary = (text: string, updated_at: string): Summary => ({
		tenant_id: 't',
		conversation_id: 'c',
		language: 'pt',
		text,
		points: [],
		up_to_seq: 3,
		made_by: 'test',
		created_at: updated_at,
		updated_at
	});
	slots.summarised(summary('novo', '2026-11-21T11:00:00Z'));
	slots.summarised(summary('velho', '2026-11-21T10:00:00Z'));
	expect(slots.summaryOf('c')?.text).toBe('novo');
});
