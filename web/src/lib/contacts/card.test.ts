import { expect, test } from 'vitest';
import { cardOf } from './card.ts';

test('a card that came and one that we sent are drawn alike', () => {
	const came = {
		name: 'Rita de Souza',
		phones: [{ phone: '+55 11 97777-1234', wa_id: '5511977771234', type: 'CELL' }],
		emails: [{ email: 'rita@buffet.test', type: null }],
		company: 'Buffet da Rita',
		title: 'Dona'
	};
	const sent = {
		name: { formatted_name: 'Rita de Souza', first_name: 'Rita' },
		phones: [{ phone: '+55 11 97777-1234' }],
		emails: [{ email: 'rita@buffet.test' }],
		org: { company: 'Buffet da Rita', title: 'Dona' }
	};
	expect(cardOf(came)).toEqual({
		name: 'Rita de Souza',
		note: 'Dona · Buffet da Rita',
		phones: ['+55 11 97777-1234'],
		emails: ['rita@buffet.test']
	});
	expect(cardOf(sent)).toEqual(cardOf(came));
});

test('a card with nothing on it is no error', () => {
	expect(cardOf(null)).toEqual({ name: '', note: null, phones: [], emails: [] });
	expect(cardOf({ phones: [{ phone: null, wa_id: '5511' }, {}] }).phones).toEqual(['5511']);
});
