import { fold } from '@prosa/core/text/fold.ts';
import type { ChatMessage } from './request.ts';
import { understand, type Understood } from './understand.ts';
import { translated } from './words_of_two.ts';

/*
 * What is done to a text rather than answered: the first line of the system's message says so («You translate …»), and the
 * text stands between the tags `text`. By rule, so crudely: enough to see what a screen does with it.
 */

type Job = 'rewrite' | 'translate' | 'summarise';
type Language = Understood['language'];

const JOBS: [Job, RegExp][] = [
	['rewrite', /^you rewrite\b/i],
	['translate', /^you translate\b/i],
	['summarise', /^you summari[sz]e\b/i]
];

/** The text that was asked for, with its language; null where an answer is wanted. */
export function write(messages: ChatMessage[]): { text: string; language: Language } | null {
	const system = messages.find(({ role }) => role === 'system' || role === 'developer')?.content ?? '';
	const last = messages.findLast(({ role }) => role === 'user')?.content ?? '';
	const job = JOBS.find(([, begins]) => begins.test(system.trimStart()))?.[0];
	if (!job) return null;
	if (job === 'summarise') return summarise(last, system);
	const text = plain(/<text>([\s\S]*?)<\/text>/.exec(last)?.[1] ?? last);
	if (job === 'rewrite') return { text: rewrite(text, system), language: understand(text).language };
	const into = languageOf(system);
	return { text: translated(text, into), language: into };
}

const plain = (data: string): string =>
	data.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim();

/** What a prompt says the answer's language is: by its code, or by somebody's words. */
function languageOf(system: string): Language {
	const code = /\b([a-z]{2,3})(?:-[A-Za-z0-9]+)* \(BCP 47\)/.exec(system)?.[1];
	if (code !== undefined) return code === 'pt' ? 'pt-BR' : 'en';
	return understand(tagged(system, 'customer_message').join(' ')).language;
}

/** What stands between a tag's marks, as it was written, in its order. */
export const tagged = (text: string, tag: string): string[] =>
	[...text.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, data = '']) => plain(data));

function rewrite(text: string, system: string): string {
	const how = /Rewrite it (\w+)/.exec(system)?.[1] ?? '';
	const pt = understand(text).language === 'pt-BR';
	const mended = mend(text);
	switch (how) {
		case 'shorter':
			return shorter(mended);
		case 'warmer':
			return `${pt ? 'Oi, tudo bem?' : 'Hi there!'} ${mended} 😊`;
		case 'more':
			return `${pt ? 'Prezado cliente,' : 'Dear customer,'} ${lower(mended)} ${pt ? 'Atenciosamente.' : 'Kind regards.'}`;
		case 'with':
			return mended;
		default:
			return pt ? `${mended} Estamos à disposição!` : `${mended} We are here for you!`;
	}
}

const lower = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** The first sentence of several, else the first half of the words. */
function shorter(text: string): string {
	const [first = text, ...rest] = text.split(/(?<=[.!?])\s+/);
	if (rest.length > 0) return first;
	const words = first.split(/\s+/);
	return words.length < 6 ? first : `${words.slice(0, Math.ceil(words.length / 2)).join(' ')}.`;
}

const MENDED: Record<string, string> = {
	vc: 'você',
	voce: 'você',
	vcs: 'vocês',
	nao: 'não',
	tbm: 'também',
	tb: 'também',
	pq: 'porque',
	hj: 'hoje',
	amanha: 'amanhã',
	ja: 'já',
	pao: 'pão',
	paes: 'pães',
	obrigado: 'obrigado',
	blz: 'beleza',
	teh: 'the',
	recieve: 'receive'
};

function mend(text: string): string {
	const words = text.replace(/[\p{L}]+/gu, (word) => MENDED[fold(word)] ?? word);
	const begun = words.replace(
		/(^|[.!?]\s+)(\p{Ll})/gu,
		(_all, before: string, letter: string) => before + letter.toUpperCase()
	);
	return /[\p{L}\p{N}]$/u.test(begun) ? `${begun}.` : begun;
}

function summarise(transcript: string, system: string): { text: string; language: Language } {
	const [team] = tagged(system, 'team_language');
	const pt = team === undefined || team.startsWith('pt');
	const asked = tagged(transcript, 'customer_message');
	const said = tagged(transcript, 'company_message');
	const clip = (text = '') => (text.length > 160 ? `${text.slice(0, 159)}…` : text).replace(/\s+/g, ' ');
	const parts = pt
		? [
				asked[0] && `O cliente escreveu: «${clip(asked[0])}».`,
				said.length > 0 && `A empresa respondeu: «${clip(said.at(-1))}».`,
				asked.length > 1 && `Por último, o cliente disse: «${clip(asked.at(-1))}».`
			]
		: [
				asked[0] && `The customer wrote: “${clip(asked[0])}”.`,
				said.length > 0 && `The company answered: “${clip(said.at(-1))}”.`,
				asked.length > 1 && `Last, the customer said: “${clip(asked.at(-1))}”.`
			];
	const text = parts.filter(Boolean).join(' ');
	return { text: text || (pt ? 'Nada foi dito ainda.' : 'Nothing was said yet.'), language: pt ? 'pt-BR' : 'en' };
}
