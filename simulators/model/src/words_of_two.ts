import { fold } from '@prosa/core/text/fold.ts';

/** Portuguese, then English: phrases before their words. */
const PAIRS: [string, string][] = [
	['bom dia', 'good morning'],
	['boa tarde', 'good afternoon'],
	['boa noite', 'good evening'],
	['por favor', 'please'],
	['muito obrigado', 'thank you very much'],
	['muito obrigada', 'thank you very much'],
	['tudo bem', 'how are you'],
	['quanto custa', 'how much is'],
	['segunda via', 'copy'],
	['olá', 'hello'],
	['oi', 'hi'],
	['obrigado', 'thank you'],
	['obrigada', 'thank you'],
	['sim', 'yes'],
	['não', 'no'],
	['pão', 'bread'],
	['pães', 'breads'],
	['bolo', 'cake'],
	['pedido', 'order'],
	['entrega', 'delivery'],
	['hoje', 'today'],
	['amanhã', 'tomorrow'],
	['sábado', 'Saturday'],
	['domingo', 'Sunday'],
	['hora', 'hour'],
	['horas', 'hours'],
	['fatura', 'invoice'],
	['internet', 'internet'],
	['cliente', 'customer'],
	['preço', 'price'],
	['quero', 'I want'],
	['preciso', 'I need'],
	['posso', 'can I'],
	['pode', 'can'],
	['podemos', 'we can'],
	['temos', 'we have'],
	['tem', 'has'],
	['está', 'is'],
	['pronto', 'ready'],
	['o', 'the'],
	['a', 'the'],
	['um', 'a'],
	['uma', 'a'],
	['de', 'of'],
	['do', 'of the'],
	['da', 'of the'],
	['para', 'for'],
	['com', 'with'],
	['e', 'and'],
	['ou', 'or'],
	['meu', 'my'],
	['minha', 'my'],
	['seu', 'your'],
	['sua', 'your'],
	['você', 'you'],
	['nós', 'we'],
	['eu', 'I'],
	['qual', 'which'],
	['quando', 'when'],
	['como', 'how'],
	['onde', 'where']
];

const table = (from: 0 | 1) => {
	const words = new Map<string, string>();
	for (const pair of PAIRS) if (!words.has(fold(pair[from]))) words.set(fold(pair[from]), pair[from === 0 ? 1 : 0]);
	return words;
};
const INTO = { en: table(0), 'pt-BR': table(1) };
const MOST_WORDS = 3;

/** A text word by word; what is in no list stays as it is, and so does every placeholder. */
export function translated(text: string, into: keyof typeof INTO): string {
	const words = INTO[into];
	const parts = text.split(/(\[[A-Z]+_[\d.]+\]|\{\{[^}]*\}\}|\s+|[^\p{L}]+)/u).filter((part) => part !== '');
	let whole = '';
	for (let at = 0; at < parts.length;) {
		let taken = 0;
		for (let count = MOST_WORDS * 2 - 1; count > 0 && taken === 0; count -= 2) {
			const phrase = parts.slice(at, at + count).join('');
			const found = phrase === phrase.trim() ? words.get(fold(phrase)) : undefined;
			if (found === undefined) continue;
			whole += /^\p{Lu}/u.test(phrase) ? found.slice(0, 1).toUpperCase() + found.slice(1) : found;
			taken = count;
		}
		if (taken === 0) {
			whole += parts[at] ?? '';
			taken = 1;
		}
		at += taken;
	}
	return whole;
}
