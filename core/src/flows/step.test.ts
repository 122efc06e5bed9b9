import { describe, expect, test } from 'vitest';
import { Chat, flow, OTHER, program } from './samples.testing.ts';

const start = { id: 's', type: 'start' };
const end = { id: 'e', type: 'end' };
const message = (id: string, text: string) => ({ id, type: 'message', text });
const question = (id: string, kind: string, more: object = {}) => ({
	id,
	type: 'question',
	text: `${id}?`,
	answer: { kind },
	...more
});

describe('a menu', () => {
	const menu = {
		id: 'menu',
		type: 'buttons',
		text: 'Olá, {{contact.first_name}}! Como ajudo?',
		options: [
			{ id: 'order', label: 'Encomendar' },
			{ id: 'hours', label: 'Horários' }
		],
		timeout: 600
	};
	const root = flow(
		[start, menu, message('o', 'Qual bolo?'), message('h', 'Das 6h às 20h'), message('t', 'Até logo!'), end],
		['s > menu', 'menu:order > o', 'menu:hours > h', 'menu:timeout > t', 'o > e', 'h > e', 't > e']
	);

	test('greets by name and shows its buttons', () => {
		const chat = new Chat(program(root));
		expect(chat.told).toEqual(['Olá, Maria! Como ajudo?']);
		expect(chat.last.effects[0]).toMatchObject({
			content: {
				interactive: { type: 'button', action: { buttons: [{ reply: { id: 'menu:order', title: 'Encomendar' } }, {}] } }
			}
		});
		expect(chat.state.waiting).toMatchObject({ for: 'answer', node: 'menu', tries: 0 });
	});

	test.each([
		['a tap', { choice: 'menu:hours' }, ''],
		['its words', {}, 'HORARIOS'],
		['its number', {}, '2'],
		['how it begins', {}, 'hor']
	])('takes %s', (_, more, text) => {
		const chat = new Chat(program(root)).say(text, more);
		expect(chat.told).toEqual(['Das 6h às 20h']);
		expect(chat.state.ended).toEqual({ how: 'completed' });
	});

	test('asks again when it is not understood, and gives up to a person', () => {
		const chat = new Chat(program(root)).say('hein?');
		expect(chat.told).toEqual(['Não entendi. Toque em uma das opções, por favor.']);
		chat.say('??');
		expect(chat.state.ended).toBeNull();
		chat.say('???');
		expect(chat.told).toEqual([]);
		expect(chat.done('hand_over')).toHaveLength(1);
		expect(chat.state.ended).toEqual({ how: 'handed_over' });
	});

	test('goes its way when nobody answers, and a late time-out changes nothing', () => {
		const chat = new Chat(program(root));
		const token = chat.state.waiting?.token;
		expect(chat.wait().told).toEqual(['Até logo!']);
		expect(token).toBeDefined();
		const again = new Chat(program(root)).say('encomendar');
		expect(again.wait().last.effects).toEqual([]);
	});

	test('the tap on another menu is no answer to this one', () => {
		expect(new Chat(program(root)).tap('old:order').told).toEqual(['Não entendi. Toque em uma das opções, por favor.']);
	});

	test('what was written before the question was seen is no answer to it', () => {
		const chat = new Chat(program(root)).say('tudo bem?', { received_at: 0 });
		expect(chat.last.effects).toEqual([]);
		expect(chat.state.waiting).toMatchObject({ tries: 0 });
		expect(chat.say('1').told).toEqual(['Qual bolo?']);
	});
});

test('four options are shown as a list, as WhatsApp has no fourth button', () => {
	const options = ['a', 'b', 'c', 'd'].map((id) => ({ id, label: id }));
	const root = flow([start, { id: 'm', type: 'buttons', text: 'Escolha', options }, end], ['s > m', 'm:a > e']);
	expect(new Chat(program(root)).last.effects[0]).toMatchObject({ content: { interactive: { type: 'list' } } });
});

test('an answer is kept, where it belongs to the contact there too', () => {
	const root = flow(
		[start, question('cpf', 'cpf', { save_as: 'contact.cpf' }), message('m', 'Certo: {{contact.cpf}}'), end],
		['s > cpf', 'cpf > m', 'm > e']
	);
	const chat = new Chat(program(root)).say('111.444.777-36');
	expect(chat.told[0]).toMatch(/não confere/);
	chat.say('11144477735');
	expect(chat.told).toEqual(['Certo: 111.444.777-35']);
	expect(chat.done('act')).toEqual([
		expect.objectContaining({ action: { type: 'set_contact_attribute', key: 'cpf', value: '111.444.777-35' } })
	]);
});

test('variables are counted with, and a circle ends when its condition says so', () => {
	const root = flow(
		[
			start,
			{ id: 'add', type: 'set', set: [{ variable: 'n', to: { expression: 'n + 1' } }] },
			{ id: 'if', type: 'condition', cases: [{ id: 'more', when: { type: 'expression', expression: 'n < 5' } }] },
			message('m', 'São {{n}} e o frete {{tenant.frete}}'),
			end
		],
		['s > add', 'add > if', 'if:more > add', 'if:else > m', 'm > e'],
		[{ name: 'n', type: 'number', initial: 0 }]
	);
	const chat = new Chat(program(root));
	expect(chat.told).toEqual(['São 5 e o frete 8']);
	expect(chat.last.visits.filter(({ node }) => node === 'add')).toHaveLength(5);
});

test('a circle without an end is cut, and a person gets the conversation', () => {
	const root = flow(
		[start, { id: 'a', type: 'set', set: [{ variable: 'x', to: { text: '{{x}}{{x}}ab' } }] }],
		['s > a', 'a > a'],
		[{ name: 'x', type: 'text' }]
	);
	const chat = new Chat(program(root));
	expect(chat.state.ended).toEqual({ how: 'failed', code: 'loop', node: 'a' });
	expect(chat.done('hand_over')).toHaveLength(1);
	expect(String(chat.state.variables['x']).length).toBeLessThanOrEqual(10_000);
});

test('a nagging time-out comes to an end though nobody ever answers', () => {
	const root = flow([start, question('q', 'text', { timeout: 5 })], ['s > q', 'q:timeout > q']);
	const chat = new Chat(program(root));
	for (let turn = 0; turn < 2_000 && !chat.state.ended; turn++) chat.wait();
	expect(chat.state.ended).toMatchObject({ how: 'failed', code: 'loop' });
});

test('another flow takes what it declares, gives it back, and this one goes on', () => {
	const other = flow(
		[start, question('name', 'name', { save_as: 'nome' }), end],
		['s > name', 'name > e'],
		[
			{ name: 'nome', type: 'text' },
			{ name: 'secret', type: 'text', initial: 'x' }
		]
	);
	const root = flow(
		[start, { id: 'call', type: 'flow', flow_id: OTHER }, message('m', 'Oi, {{nome}}{{secret}}'), end],
		['s > call', 'call > m', 'm > e'],
		[{ name: 'nome', type: 'text' }]
	);
	const chat = new Chat(program(root, other));
	expect(chat.state.flow).toBe(OTHER);
	expect(chat.say('joão da silva').told).toEqual(['Oi, joão da silva']);
	expect(chat.state.ended).toEqual({ how: 'completed' });
});

test('a flow that calls itself for ever is cut', () => {
	const other = flow([start, { id: 'call', type: 'flow', flow_id: OTHER }], ['s > call']);
	const root = flow([start, { id: 'call', type: 'flow', flow_id: OTHER }], ['s > call']);
	expect(new Chat(program(root, other)).state.ended).toMatchObject({ how: 'failed', code: 'loop' });
});

describe('a request', () => {
	const root = flow(
		[
			start,
			{
				id: 'h',
				type: 'http',
				method: 'POST',
				url: 'https://api.exemplo.com.br/clientes/{{message.text}}?q={{contact.name}}',
				body: '{"nome": "{{contact.name}}", "texto": "{{message.text}}"}',
				headers: [{ name: 'X-From', value: '{{message.text}}' }],
				save: [{ variable: 'saldo', path: 'contas[0].saldo' }]
			},
			message('ok', 'Saldo: {{saldo}}'),
			message('no', 'Fora do ar'),
			end
		],
		['s > h', 'h > ok', 'h:error > no', 'ok > e', 'no > e'],
		[{ name: 'saldo', type: 'number' }]
	);

	test('carries what a customer wrote without letting it change where it goes or what it says', () => {
		const chat = new Chat(program(root), {}, '../x?"},\r\nEvil: 1');
		expect(chat.last.effects[0]).toMatchObject({
			type: 'http',
			request: {
				url: 'https://api.exemplo.com.br/clientes/..%2Fx%3F%22%7D%2C%0D%0AEvil%3A%201?q=Maria%20Souza',
				body: '{"nome": "Maria Souza", "texto": "../x?\\"},\\r\\nEvil: 1"}',
				headers: { 'x-from': '../x?"}, Evil: 1' }
			}
		});
	});

	test('what it answers is kept; an error has a way of its own; a word meanwhile waits', () => {
		const chat = new Chat(program(root));
		expect(chat.say('alô?').last.effects).toEqual([]);
		expect(chat.answered({ ok: true, status: 200, body: { contas: [{ saldo: 12.5 }] } }).told).toEqual(['Saldo: 12,5']);
		expect(new Chat(program(root)).answered({ ok: false, code: 'timeout' }).told).toEqual(['Fora do ar']);
	});
});

test('chance keeps to its weights, and the same seed to the same way', () => {
	const root = flow(
		[
			start,
			{
				id: 'ab',
				type: 'split',
				variants: [
					{ id: 'a', weight: 0 },
					{ id: 'b', weight: 3 }
				]
			},
			message('m', 'b'),
			end
		],
		['s > ab', 'ab:a > e', 'ab:b > m', 'm > e']
	);
	expect(new Chat(program(root)).told).toEqual(['b']);
});

test('hours, tags, a lead, satisfaction and handing over are told as effects', () => {
	const tag = '33333333-3333-4333-8333-333333333333';
	const root = flow(
		[
			start,
			{ id: 'h', type: 'hours' },
			{ id: 't', type: 'tag', add: [tag] },
			{ id: 'l', type: 'lead', title: 'Bolo para {{contact.name}}', temperature: 'hot', value: '12.5 * 2' },
			{ id: 'c', type: 'csat', text: 'Nota?', save_as: 'nota' },
			{ id: 'x', type: 'handover', text: 'Já chamo alguém.', note: 'Nota {{nota}}' }
		],
		['s > h', 'h:closed > t', 'h:open > x', 't > l', 'l > c', 'c > x'],
		[{ name: 'nota', type: 'number' }]
	);
	const chat = new Chat(program(root), { open: { '': false } });
	expect(chat.done('act')).toMatchObject([{ action: { type: 'add_tags', tags: [tag] } }]);
	expect(chat.done('lead')).toMatchObject([{ title: 'Bolo para Maria Souza', temperature: 'hot', value: 25 }]);
	chat.say('5');
	expect(chat.done('csat')).toMatchObject([{ score: 5 }]);
	expect(chat.done('hand_over')).toMatchObject([{ note: 'Nota 5' }]);
	expect(chat.told).toEqual(['Já chamo alguém.']);
	expect(chat.last.effects.map(({ id }) => id)).toEqual([4, 5, 6]);
});
