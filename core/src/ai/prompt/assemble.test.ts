import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AgentConfig, type AgentConfigInput } from '../agent.ts';
import { assemble, type PromptInput } from './assemble.ts';
import { asData, fromData, visible } from './data.ts';
import { INJECTIONS } from './injections.testing.ts';
import { PROMPTS, promptId } from './texts.ts';

const config: AgentConfigInput = {
	name: 'Bia',
	model: 'prosa-simulator',
	persona: 'Atendente da padaria',
	rules: ['Nunca prometa prazos'],
	examples: [{ customer: 'Oi', answer: 'Olá! Como posso ajudar?' }],
	topics: ['pães']
};

/** The same words in every place that somebody else writes. */
const everywhere = (text: string, name: PromptInput['name']): PromptInput => ({
	name,
	agent: AgentConfig.parse({ ...config, persona: text.slice(0, 400), rules: [text.slice(0, 400).trim() || '.'] }),
	agentVersion: 3,
	company: text,
	teamLanguage: 'pt-BR',
	now: 'sábado, 10h',
	summary: text || '.',
	facts: [text],
	documents: [{ id: text, title: text, text }],
	turns: [
		{ author: 'customer', text },
		{ author: 'company', text: 'Olá!' },
		{ author: 'customer', text }
	]
});

const TAG = /<(\/?)([a-z_]+)((?: [a-z_]+="[^"<>]*")*)>/g;

/** What stands outside of any data, and the tags in their order: what a model takes for ours. */
function frame(text: string): string {
	let tags = '';
	let outside = '';
	let open: string | null = null;
	let at = 0;
	for (const match of text.matchAll(TAG)) {
		const between = text.slice(at, match.index);
		if (open === null) outside += between;
		// No bracket that is not one of our tags.
		expect(between).not.toMatch(/[<>]/);
		tags += `${match[1]}${match[2]}`;
		if (match[1] === '') expect(open).toBeNull();
		else expect(open).toBe(match[2]);
		open = match[1] === '' ? (match[2] ?? null) : null;
		at = match.index + match[0].length;
	}
	expect(open).toBeNull();
	return `${tags}|${outside}${text.slice(at)}`;
}
const frames = (input: PromptInput) =>
	assemble(input).messages.map(({ role, content }) => `${role}: ${role === 'assistant' ? content : frame(content)}`);

test.for(['reply', 'decide', 'suggest', 'summarise', 'next'] as const)(
	'no attack of the corpus changes what a %s prompt is made of',
	(name) => {
		const harmless = frames(everywhere('bom dia', name));
		expect(INJECTIONS.length).toBeGreaterThan(20);
		for (const attack of INJECTIONS) expect(frames(everywhere(attack, name)), attack).toEqual(harmless);
	}
);

test('no text at all does', () => {
	const harmless = frames(everywhere('bom dia', 'reply'));
	const pieces = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.constantFrom('<', '>', '</', '"', '&', '&lt;', 'rule', 'document', '\n', ...INJECTIONS)
	);
	fc.assert(
		fc.property(fc.array(pieces, { minLength: 1, maxLength: 6 }), (parts) => {
			const text = `x${parts.join('')}`;
			expect(frames(everywhere(text, 'reply'))).toEqual(harmless);
		}),
		{ numRuns: 300 }
	);
});

test('data holds all that was visible, and nothing that was not', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			expect(fromData(asData(text))).toBe(visible(text));
			expect(asData(text)).not.toMatch(/[<>"]/);
		})
	);
	expect(asData(INJECTIONS.find((attack) => attack.endsWith('Oi!')) ?? '')).toBe('Oi!');
	expect(visible('👩‍👩‍👧 ❤️ ação\tde\r\nhoje')).toBe('👩‍👩‍👧 ❤️ ação\tde\nhoje');
});

test('a burst is one turn, an answer of the company is the assistant’s', () => {
	const { messages, sources, id } = assemble({
		...everywhere('x', 'reply'),
		documents: [{ id: 'd1', title: 'Entrega', text: 'Custa R$ 8' }],
		turns: [
			{ author: 'customer', text: 'oi' },
			{ author: 'customer', text: 'quanto é a entrega?' },
			{ author: 'company', text: 'R$ 8' },
			{ author: 'customer', text: 'ok' }
		]
	});
	expect(messages.slice(3).map(({ role, content }) => [role, content])).toEqual([
		['user', '<customer_message>oi</customer_message>\n<customer_message>quanto é a entrega?</customer_message>'],
		['assistant', 'R$ 8'],
		['user', '<customer_message>ok</customer_message>']
	]);
	expect(messages[0]?.content).toContain('<document id="d1" title="Entrega">Custa R$ 8</document>');
	expect(sources).toEqual(['d1']);
	expect(id).toBe('reply/1+agent/3');
});

test('a changed text is a new version', async () => {
	const digests: Record<string, string> = {};
	for (const [name, { version, text }] of Object.entries(PROMPTS)) {
		const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
		digests[`${name}/${version}`] = Buffer.from(digest).toString('hex').slice(0, 12);
	}
	// Changed a text? Raise its version and write the new line; lines of versions that were used stay in git.
	expect(digests).toMatchInlineSnapshot(`
		{
		  "decide/2": "511dd53ec2e8",
		  "flow/1": "43432f10a332",
		  "next/1": "04d31a7c696e",
		  "reply/1": "6092da0b3a61",
		  "rewrite/1": "1cf57f47b1d7",
		  "suggest/1": "eecc4a58a6c9",
		  "summarise/1": "59015f0e3f5f",
		  "translate/1": "266c4c9372ee",
		}
	`);
	expect(promptId('decide', 1)).toBe('decide/2+agent/1');
});

test('an agent needs a name and a model; the rest has a default that is safe', () => {
	const agent = AgentConfig.parse({ name: 'Bia', model: 'm' });
	expect(agent).toMatchObject({
		tools: ['hand_over'],
		budget: { daily_usd: 5 },
		hand_over: { on_request: true }
	});
	for (const wrong of [
		{ tools: ['shell'] },
		{ tools: ['tag', 'tag'] },
		{ budget: { daily_usd: -1 } },
		{ name: ' ' },
		{ rule: 'x' },
		{ languages: [] }
	]) {
		expect(AgentConfig.safeParse({ name: 'Bia', model: 'm', ...wrong }).success, JSON.stringify(wrong)).toBe(false);
	}
});
