import { expect, test } from 'vitest';
import { faultOf, gapsIn, render } from './template.ts';
import { VARIABLES, type Facts } from './variables.ts';

const facts = (changes: Partial<Facts> = {}): Facts => ({
	contact: { name: 'Lúcia Prado', phone: '+55 11 98888-7777', attributes: { plano: 'ouro', pontos: 12, vip: true } },
	agent: { name: 'Ana Souza' },
	workspace: { name: 'Padaria Pão Quente', timezone: 'America/Sao_Paulo' },
	conversation: { id: '9f1c2d3e-0000-4000-8000-000000000000' },
	language: 'pt-BR',
	// 10:00 in São Paulo.
	now: new Date('2026-11-21T13:00:00Z'),
	...changes
});

test('every variable says what is known', () => {
	const text =
		'{{contact.first_name}}|{{contact.name}}|{{contact.phone}}|{{agent.first_name}}|{{agent.name}}|{{workspace.name}}|{{conversation.id}}|{{contact_attribute.plano}}|{{contact_attribute.pontos}}';
	expect(render(text, facts()).text).toBe(
		'Lúcia|Lúcia Prado|+55 11 98888-7777|Ana|Ana Souza|Padaria Pão Quente|9F1C2D3E|ouro|12'
	);
	expect(faultOf(text)).toBeNull();
});

test.each([
	['07:59', '2026-11-21T07:59:00Z', 'Boa noite'],
	['08:00', '2026-11-21T08:00:00Z', 'Bom dia'],
	['15:00', '2026-11-21T15:00:00Z', 'Boa tarde'],
	['21:00', '2026-11-21T21:00:00Z', 'Boa noite']
])('the greeting follows the clock of the company: at %s in London it is…', (_at, now, expected) => {
	expect(render('{{greeting}}, tudo bem?', facts({ now: new Date(now) })).text).toBe(`${expected}, tudo bem?`);
});

test('a greeting is written large where a sentence begins, in the language of the response', () => {
	expect(render('Olá! {{greeting}}. Oi, {{greeting}}', facts()).text).toBe('Olá! Bom dia. Oi, bom dia');
	expect(render('{{greeting}}', facts({ language: 'en' })).text).toBe('Good morning');
	expect(render('*{{greeting}}*', facts({ language: 'es' })).text).toBe('*Buenos días*');
});

test('where nothing is known the words instead are said; without them a gap is left to fill', () => {
	const unknown = facts({ contact: { name: null, phone: null, attributes: {} } });
	expect(render('Oi, {{contact.first_name|cliente}}!', unknown)).toEqual({ text: 'Oi, cliente!', gaps: [] });
	const { text, gaps } = render('Oi, {{contact.first_name}}, seu plano {{ contact_attribute.plano }}', unknown);
	expect(gaps.map(({ from, to }) => text.slice(from, to))).toEqual([
		'{{contact.first_name}}',
		'{{ contact_attribute.plano }}'
	]);
	expect(gapsIn(text)).toEqual(gaps);
});

test('an unknown variable and braces that don’t close are clear faults, the first of them first', () => {
	expect(faultOf('Oi {{contact.nome}}')).toEqual({ code: 'variable_unknown', name: 'contact.nome', at: 3 });
	expect(faultOf('Oi {{contact.name')).toMatchObject({ code: 'variable_unclosed', at: 3 });
	expect(faultOf('Oi }} {{x}}')).toMatchObject({ code: 'variable_unclosed', at: 3 });
	expect(faultOf('{{toString}}')).toMatchObject({ code: 'variable_unknown' });
	expect(faultOf('Chaves {sozinhas} não incomodam')).toBeNull();
});

test('what somebody is called is never read as a variable', () => {
	const tricky = facts({ contact: { name: '{{agent.name}}', phone: null, attributes: {} } });
	expect(render('Oi, {{contact.name}}', tricky).text).toBe('Oi, {{agent.name}}');
});

/** Texts made up of what is likely to break it; the same in every run. */
function* madeUp(count: number): Generator<string> {
	const bits = [
		'{{',
		'}}',
		'{',
		'}',
		'|',
		'\n',
		' ',
		'oi',
		'ção',
		'🎂',
		'\\',
		'$&',
		'$1',
		'<b>',
		'&amp;',
		'.',
		'greeting'
	];
	const names = [...Object.keys(VARIABLES), 'contact_attribute.plano', 'contact.nome', '__proto__', 'constructor'];
	let seed = 7;
	const next = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
	for (let made = 0; made < count; made += 1) {
		let text = '';
		for (let part = next(9); part >= 0; part -= 1) {
			text += next(3) === 0 ? `{{${names[next(names.length)]}}}` : bits[next(bits.length)];
		}
		yield text;
	}
}

test('whatever is written, rendering never throws, and changes nothing but its variables', () => {
	const name = '$& {{contact.name}} \\1 <i> &lt;';
	const known = facts({ contact: { name, phone: '1', attributes: { plano: 'x' } } });
	let variables = 0;
	for (const text of madeUp(20_000)) {
		const { text: out, gaps } = render(text, known);
		const expected = text.replace(/\{\{[ \t]*contact\.name[ \t]*\}\}/g, () => name);
		if (!/\{\{(?!contact\.name)/.test(text)) expect(out).toBe(expected);
		variables += Number(out !== text);
		for (const { from, to } of gaps) expect(out.slice(from, to)).toMatch(/^\{\{.*\}\}$/);
		// Without variables there is nothing to do, as often as one likes.
		if (!text.includes('{{')) expect(out).toBe(text);
		expect(faultOf(text) === null || /\{\{|\}\}/.test(text)).toBe(true);
	}
	expect(variables).toBeGreaterThan(5_000);
});
