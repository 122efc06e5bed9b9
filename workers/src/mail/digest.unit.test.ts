import { expect, test } from 'vitest';
import { writeDigest, type Digest, type Item } from './digest.ts';
import { outcomeOf, waitAfter } from './smtp.ts';

const item = (n: number, rest: Partial<Item> = {}): Item => ({
	type: 'mentioned',
	stage: null,
	count: 1,
	at: '2026-11-21T15:30:00Z',
	actor: 'Sofia',
	conversation_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
	contact: `Cliente ${n}`,
	preview: null,
	...rest
});
const digest = (items: Item[], locale: Digest['locale'] = 'pt-BR'): Digest => ({
	name: 'Ana',
	locale,
	zone: 'America/Sao_Paulo',
	workspace: 'padaria',
	workspace_name: 'Padaria Estrela',
	items
});
const write = (it: Digest) => writeDigest(it, 'https://app.prosa.test', 'https://api.prosa.test/stop?token=1');

test('a letter about one conversation says in its subject what happened', () => {
	const { subject, text } = write(digest([item(1), item(1, { type: 'sla_due', stage: 'due' })]));
	expect(subject).toBe('Cliente 1: Sofia mencionou você em uma nota');
	expect(text).toContain('Sofia mencionou você em uma nota. O prazo de resposta venceu');
	expect(text).toContain('21/11, 12:30');
});

test('a letter about many counts them, shows fifteen and says how many are left', () => {
	const { subject, text, html } = write(
		digest(
			Array.from({ length: 20 }, (_, n) => item(n)),
			'en'
		)
	);
	expect(subject).toBe('20 conversations wait for you at Padaria Estrela');
	expect(text.match(/mentioned you/g)).toHaveLength(15);
	expect(text).toContain('And 5 more in the inbox.');
	expect(html).toContain('<html lang="en">');
});

test('a name with line breaks can’t write headers, and markup in it is text', () => {
	const { subject, html } = write(
		digest([item(1, { contact: 'Eva\r\nBcc: x@y.test <script>', preview: '"><img src=x>' })])
	);
	expect(subject).toBe('Eva Bcc: x@y.test <script>: Sofia mencionou você em uma nota');
	expect(html).not.toMatch(/<script|<img/);
});

test('only a lasting refusal of the address or the letter is for good', () => {
	expect(outcomeOf({ code: 'EENVELOPE', responseCode: 550, response: '550 no' }).type).toBe('refused');
	expect(outcomeOf({ code: 'EMESSAGE', responseCode: 554, response: '554 spam' }).type).toBe('refused');
	for (const error of [
		{ code: 'EENVELOPE', responseCode: 451 },
		{ code: 'EENVELOPE', responseCode: 530 },
		{ code: 'EAUTH', responseCode: 535 },
		{ code: 'ECONNECTION' },
		{ code: 'ETIMEDOUT' },
		new Error('anything')
	])
		expect(outcomeOf(error).type, JSON.stringify(error)).toBe('later');
});

test('tries grow apart, from a minute to an hour', () => {
	expect([0, 1, 2, 5, 6, 50].map(waitAfter)).toEqual([60, 120, 240, 1_920, 3_600, 3_600]);
});
