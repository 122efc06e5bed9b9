import { expect, test } from 'vitest';
import { readCsv, unguarded, writeCsv } from './csv.ts';

test('commas, semicolons and tabs are told apart by the first line, with a byte order mark or none', () => {
	for (const mark of [',', ';', '\t']) {
		expect(readCsv(`\uFEFFatalho${mark}texto\r\noi${mark}"Olá${mark} tudo bem?"\r\n`)).toEqual([
			{ number: 1, cells: ['atalho', 'texto'] },
			{ number: 2, cells: ['oi', `Olá${mark} tudo bem?`] }
		]);
	}
});

test('a cell may have quotation marks and go over several lines; the lines keep their numbers in the file', () => {
	expect(readCsv('a;b\n\n1;"uma ""coisa""\noutra"\n\n2;fim')).toEqual([
		{ number: 1, cells: ['a', 'b'] },
		{ number: 3, cells: ['1', 'uma "coisa"\noutra'] },
		{ number: 6, cells: ['2', 'fim'] }
	]);
	expect(readCsv('a;"não fecha\n1')).toEqual([{ number: 1, cells: ['a', 'não fecha\n1'] }]);
	expect(readCsv('')).toEqual([]);
});

test('what is written is read back as it was, and no spreadsheet runs it', () => {
	const rows = [
		['atalho', 'texto'],
		['oi', 'Linha 1\nLinha 2; "citação", fim'],
		['soma', '=1+1'],
		['menos', '-5 graus'],
		['vazio', '']
	];
	const file = writeCsv(rows);
	expect(file).toContain(";'=1+1");
	expect(readCsv(file).map(({ cells }) => cells.map(unguarded))).toEqual(rows);
});
