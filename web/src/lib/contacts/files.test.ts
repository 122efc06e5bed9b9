import { expect, test } from 'vitest';
import { linksIn } from './files.ts';

test('links are found in what people write, each once, without what ends the sentence', () => {
	expect(
		linksIn('Veja https://padaria.test/cardapio. E (http://x.test/a?b=1)! De novo: https://padaria.test/cardapio')
	).toEqual(['https://padaria.test/cardapio', 'http://x.test/a?b=1']);
	expect(linksIn('sem endereço ://')).toEqual([]);
});
