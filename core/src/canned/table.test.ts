import { expect, test } from 'vitest';
import { readCsv, unguarded, writeCsv } from '../csv/csv.ts';
import { FIELDS, guessMapping, readTable, tableLines } from './table.ts';

const known = { channelTypes: ['whatsapp'], teams: [{ id: 't1', name: 'Pós-venda' }] };
const read = (file: string) => {
	const [heading, ...lines] = readCsv(file);
	return readTable(lines, guessMapping(heading?.cells ?? []), known);
};

test('columns are known by what they are called, ours and those of others', () => {
	expect(guessMapping(['Short code', 'Content'])).toEqual({ shortcut: 0, text: 1 });
	expect(guessMapping(['Título', 'Atalho', 'Mensagem', 'Cor'])).toEqual({ shortcut: 1, title: 0, text: 2 });
});

test('lines of one shortcut are the texts of one response', () => {
	const { responses, bad } = read(
		'atalho;título;texto;canal;peso\n/Oi;Boas-vindas;Olá!;;2\noi;;Oi, {{contact.first_name|tudo bem}}?;;1\noi;;Olá pelo WhatsApp;WhatsApp;\n'
	);
	expect(bad).toEqual([]);
	expect(responses).toEqual([
		{
			lines: [2, 3, 4],
			shortcut: 'oi',
			title: 'Boas-vindas',
			category: '',
			scope: 'shared',
			team_id: null,
			language: null,
			variants: [
				{ channel_type: null, weight: 2, text: 'Olá!' },
				{ channel_type: null, weight: 1, text: 'Oi, {{contact.first_name|tudo bem}}?' },
				{ channel_type: 'whatsapp', weight: 1, text: 'Olá pelo WhatsApp' }
			]
		}
	]);
});

test('each bad line says what is wrong with it, and the good ones are read', () => {
	const { responses, bad } = read(
		[
			'atalho;texto;peso;canal;idioma;quem usa;equipe',
			'oi;Olá;;;;;',
			'com espaço é ruim!;Olá;;;;;',
			'a;;;;;;',
			'b;{{contact.nome}};;;;;',
			'c;Olá;muito;;;;',
			'd;Olá;;pombo;;;',
			'e;Olá;;;portugues;;',
			'f;Olá;;;;ninguém;',
			'g;Olá;;;;;Vendas',
			'h;Olá;;;pt-BR;;pos-venda'
		].join('\n')
	);
	expect(bad.map(({ line, fault }) => [line, fault])).toEqual([
		[3, 'shortcut'],
		[4, 'text'],
		[5, 'variable_unknown'],
		[6, 'weight'],
		[7, 'channel'],
		[8, 'language'],
		[9, 'scope'],
		[10, 'team']
	]);
	expect(responses.map(({ shortcut, scope, team_id }) => [shortcut, scope, team_id])).toEqual([
		['oi', 'shared', null],
		['h', 'team', 't1']
	]);
});

test('what was exported is what is imported', () => {
	const response = {
		shortcut: 'pix',
		title: 'Chave Pix',
		category: 'Pagamento',
		scope: 'team' as const,
		team_id: 't1',
		language: 'pt-BR',
		variants: [
			{ channel_type: null, weight: 3, text: 'A chave é:\n*12.345*; obrigado, "{{contact.name|cliente}}"' },
			{ channel_type: 'whatsapp', weight: 0, text: '=SOMA não é fórmula' }
		]
	};
	const lines = readCsv(writeCsv([[...FIELDS], ...tableLines(response, known.teams)])).map(({ number, cells }) => ({
		number,
		cells: cells.map(unguarded)
	}));
	const back = readTable(lines.slice(1), guessMapping(lines[0]?.cells ?? []), known);
	expect(back).toEqual({ bad: [], responses: [{ ...response, lines: [2, 4] }] });
});
