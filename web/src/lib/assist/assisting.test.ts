import type { Assisted, AskInput } from '@prosa/core/ai/assist/ask.ts';
import { expect, test } from 'vitest';
import type { BrowserClient } from '../auth/browser_client.ts';
import { Composition } from '../composer/composition.svelte.ts';
import { Drafts } from '../inbox/drafts.svelte.ts';
import { Assisting } from './assisting.svelte.ts';
import { Events } from './events.ts';

/** A model that says what it is told to, when it is told to. */
function stage(text = '') {
	const kept = new Map<string, string>();
	const store = {
		get length() {
			return kept.size;
		},
		key: (index: number) => [...kept.keys()][index] ?? null,
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value),
		removeItem: (key: string) => void kept.delete(key)
	};
	const composition = new Composition(new Drafts('t', 'u', () => store), 'c');
	composition.text = text;
	const asked: AskInput[] = [];
	let say: (piece: string) => void = () => undefined;
	let end: (done: Assisted) => void = () => undefined;
	let fail: (problem: unknown) => void = () => undefined;
	const assisting = new Assisting(
		{ client: () => ({}) as BrowserClient, conversationId: 'c', composition, language: () => 'pt-BR' },
		(_client, ask, onpiece, signal) => {
			asked.push(ask);
			say = onpiece;
			return new Promise((resolve, reject) => {
				end = resolve;
				fail = reject;
				signal.addEventListener('abort', () => reject(signal.reason as Error));
			});
		}
	);
	const done = (whole: string, more: Partial<Assisted> = {}) =>
		end({ text: whole, sources: [], action: null, cut: false, ...more });
	return {
		composition,
		assisting,
		asked,
		kept,
		say: (piece: string) => say(piece),
		done,
		fail: (p: unknown) => fail(p)
	};
}

test('what is suggested comes into the field as it is said, and undoing brings back what stood there', async () => {
	const { composition, assisting, asked, say, done, kept } = stage('pao hj');
	const work = assisting.start('suggest');
	expect(asked).toEqual([{ task: 'suggest', conversation_id: 'c', draft: 'pao hj' }]);
	say('Bom ');
	say('dia!');
	expect([composition.text, assisting.writing]).toEqual(['Bom dia!', true]);
	expect([...kept.values()], 'half an answer is no draft').toEqual([]);
	done('Bom dia! Temos pão.', { sources: ['Horários'] });
	await work;
	expect(composition.text).toBe('Bom dia! Temos pão.');
	expect([...kept.values()]).toEqual(['Bom dia! Temos pão.']);
	expect(assisting.outcome).toMatchObject({ type: 'written', sources: ['Horários'] });
	expect(assisting.undo()).toBe(true);
	expect([composition.text, assisting.outcome]).toEqual(['pao hj', null]);
	expect(assisting.undo()).toBe(false);
});

test('stopped or failed, the text is as it was', async () => {
	const { composition, assisting, say, fail } = stage('Olá');
	const stopped = assisting.start('formal');
	say('Preza');
	expect(assisting.dismiss()).toBe(true);
	await stopped;
	expect([composition.text, assisting.help, assisting.outcome]).toEqual(['Olá', null, null]);
	say('do senhor');
	expect(composition.text, 'what comes late is not taken').toBe('Olá');

	const failing = assisting.start('shorter');
	say('O');
	fail({ code: 'PT402', message: 'ai_budget_spent' });
	await failing;
	expect([composition.text, assisting.outcome]).toEqual([
		'Olá',
		{ type: 'failed', help: 'shorter', code: 'ai_budget_spent' }
	]);
});

test('who writes on can’t undo over their own words', async () => {
	const { composition, assisting, done } = stage('Olá');
	const work = assisting.start('brand');
	done('Olá! 😊');
	await work;
	composition.text += ' Tudo bem?';
	assisting.changed();
	expect([assisting.undo(), assisting.outcome, composition.text]).toEqual([false, null, 'Olá! 😊 Tudo bem?']);
});

test('a summary and advice are told beside the field, which stays as it is', async () => {
	const { composition, assisting, say, done } = stage('rascunho');
	const work = assisting.start('next');
	say('x');
	expect(composition.text).toBe('rascunho');
	done('Responda.', { action: 'reply' });
	await work;
	expect(composition.text).toBe('rascunho');
	expect(assisting.outcome).toEqual({ type: 'told', help: 'next', text: 'Responda.', action: 'reply' });
	expect(assisting.dismiss()).toBe(true);
	expect(assisting.dismiss()).toBe(false);
});

test('without a text there is nothing to rewrite; one thing is done at a time', async () => {
	const { assisting, asked } = stage(' ');
	for (const help of ['formal', 'translate'] as const) await assisting.start(help);
	expect(asked).toEqual([]);
	void assisting.start('suggest');
	void assisting.start('summarise');
	expect(asked).toHaveLength(1);
	assisting.dismiss();
});

test('events are read however the line cuts them', () => {
	const wire = 'event: piece\ndata: "Olá\\n\\n"\n\nevent: done\ndata: {"text":"Olá"}\n\n';
	for (let size = 1; size < wire.length; size++) {
		const events = new Events();
		const read = [];
		for (let at = 0; at < wire.length; at += size) read.push(...events.push(wire.slice(at, at + size)));
		expect(read).toEqual([
			{ event: 'piece', data: 'Olá\n\n' },
			{ event: 'done', data: { text: 'Olá' } }
		]);
	}
});
