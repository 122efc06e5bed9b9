import { expect, test } from 'vitest';
import { slugOf } from './slug.ts';

test.each([
	['Padaria São João', 'padaria-sao-joao'],
	['  Zé & Filhos, Ltda. ', 'ze-filhos-ltda'],
	['!', ''],
	['東京', ''],
	['Oficina do Zé — Funilaria e Pintura de Todos', 'oficina-do-ze-funilaria-e-pintura'],
	['x'.repeat(60), 'x'.repeat(34)]
])('%s has the address %s', (name, slug) => {
	expect(slugOf(name)).toBe(slug);
});
