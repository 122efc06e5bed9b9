import { contentFaults } from '@prosa/core/whatsapp/outgoing/content.ts';
import { faultSentence } from '@prosa/core/whatsapp/outgoing/faults.ts';
import { expect, test } from 'vitest';
import { buttonsContent, listContent } from './interactive.ts';
import { elsewhere, faultAt, isExcess } from './faults.ts';

test('each field of a form shows what is wrong with itself', () => {
	const content = buttonsContent({ header: '', body: '', footer: '' }, ['Sim', 'b'.repeat(21)]);
	const faults = contentFaults(content);
	const told = (at: string) => {
		const fault = faultAt(faults, at);
		return fault && faultSentence(fault, 'pt-BR');
	};
	expect(told('interactive.body')).toBe('Escreva o texto da mensagem.');
	expect(told('interactive.action.buttons.0')).toBeNull();
	expect(told('interactive.action.buttons.1')).toBe('O texto do botão passa de 20 caracteres.');
	expect(told('interactive.header')).toBeNull();
});

test('what is missing is told when one sends, what is too much while one writes', () => {
	const [empty] = contentFaults(buttonsContent({ header: '', body: '', footer: '' }, ['Sim']));
	const [long] = contentFaults(buttonsContent({ header: '', body: 'b'.repeat(1025), footer: '' }, ['Sim']));
	expect([empty && isExcess(empty), long && isExcess(long)]).toEqual([false, true]);
});

test('what belongs to no field is told all the same', () => {
	const sections = [
		{ title: '', rows: Array.from({ length: 11 }, (_, row) => ({ title: `r${row}`, description: '' })) }
	];
	const faults = contentFaults(listContent({ header: '', body: 'Escolha', footer: '' }, 'Ver', sections));
	expect(elsewhere(faults, ['interactive.body'])?.code).toBe('rows_too_many');
});
