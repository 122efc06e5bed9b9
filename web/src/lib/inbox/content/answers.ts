/** One line of a form's answers; an answer that has parts of its own has lines. */
export interface Answer {
	question: string;
	answer: string | Answer[];
}

/** How the language says what isn't text. */
export interface Words {
	yes: string;
	no: string;
	none: string;
}

/** Nothing a form asks goes deeper; what does is written out rather than drawn for ever. */
const deepest = 4;

/** The answers of a Flow, in the order they came, without the token WhatsApp adds. */
export function answersOf(response: Record<string, unknown>, words: Words, depth = 0): Answer[] {
	return Object.entries(response)
		.filter(([question]) => question !== 'flow_token')
		.map(([question, value]) => ({
			question: questionText(question),
			answer: answerOf(value, question, words, depth)
		}));
}

/** Flow Builder names fields `screen_0_Nome_completo_1`; a field that was named by hand only loses its underscores. */
function questionText(name: string): string {
	const built = /^screen_\d+_(.+?)(?:_\d+)?$/.exec(name)?.[1];
	return (built ?? name).replaceAll('_', ' ').trim() || name;
}

function answerOf(value: unknown, question: string, words: Words, depth: number): string | Answer[] {
	if (value === null || value === undefined || value === '') return words.none;
	if (typeof value === 'boolean') return value ? words.yes : words.no;
	if (typeof value === 'string') return choiceText(value, question);
	if (typeof value !== 'object') return String(value);
	if (depth >= deepest) return JSON.stringify(value);
	if (!Array.isArray(value)) return answersOf(value as Record<string, unknown>, words, depth + 1);
	if (value.length === 0) return words.none;
	if (value.every((item) => typeof item !== 'object' || item === null)) {
		return value.map((item) => answerOf(item, question, words, depth) as string).join(', ');
	}
	return value.map((item, index) => ({
		question: String(index + 1),
		answer: answerOf(item, question, words, depth + 1)
	}));
}

/** Flow Builder answers a choice with its place before it: `0_Entrega`. */
function choiceText(value: string, question: string): string {
	return question.startsWith('screen_') ? value.replace(/^\d+_/, '').replaceAll('_', ' ') : value;
}
