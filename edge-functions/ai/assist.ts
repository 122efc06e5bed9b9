import { Ask, type Assisted } from '@prosa/core/ai/assist/ask.ts';
import { readNext } from '@prosa/core/ai/assist/next.ts';
import { assistPrompt } from '@prosa/core/ai/assist/prompt.ts';
import type { AssistReading } from '@prosa/core/ai/assist/reading.ts';
import { streamed } from '@prosa/core/ai/assist/streamed.ts';
import { priceOf } from '@prosa/core/ai/budget/prices.ts';
import { maskNamed, putBack } from '@prosa/core/ai/masking/named.ts';
import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { SetupProblem } from '@prosa/core/whatsapp/setup/problem.ts';
import type { Action, HandlerNeeds } from '../channels/handler.ts';
import { counted, type Counted } from './counted.ts';
import type { Person } from '../channels/person.ts';
import type { AiDatabase } from './database.ts';
import { events } from './events.ts';
import { clientFor, type Provider } from './provider.ts';

export interface AiNeeds extends HandlerNeeds {
	database: AiDatabase;
	keys: () => Promise<SecretKeys>;
	provider: Provider;
	timeoutMs: number;
}

/**
 * Asks a model for a person and passes on what it says as it comes: `piece` events, then `done` with all of it, or
 * `failed` with a code. Who hangs up stops the model. What must be refused is refused before anything is sent out.
 */
const assist: Action<AiNeeds> = async (needs, person, body) => {
	const { database, provider, keys, timeoutMs } = needs;
	const read = Ask.safeParse(body);
	if (!read.success) throw new SetupProblem('input_invalid');
	const ask = read.data;
	const reading = await database.read(person, ask.conversation_id, {
		task: ask.task,
		...(ask.task === 'suggest' ? { draft: ask.draft } : {}),
		...(ask.task === 'translate_message' ? { message_id: ask.message_id } : {})
	});
	if (!reading.accounts.enabled) throw new SetupProblem('ai_disabled');
	const model = reading.model ?? provider.model;
	const client = model === null ? null : await clientFor(provider, keys, reading.tenant.id, reading.key);
	if (model === null || client === null) throw new SetupProblem('ai_off');

	const mask = maskNamed(reading.contact.name);
	const prompt = assistPrompt(ask, reading, mask, nowAt(reading.tenant));
	const shown = streamed(mask);
	const call: Counted = {
		database,
		client,
		prompt,
		model,
		price: priceOf(model, reading.accounts.day, reading.accounts.prices),
		accounts: reading.accounts,
		about: { tenant_id: reading.tenant.id, conversation_id: ask.conversation_id, user_id: person.id }
	};
	const begun = await counted(call);

	return events(timeoutMs, async (send, signal) => {
		let raw = '';
		const { cut } = await begun((piece) => {
			raw += piece;
			// Advice is JSON: it is shown when it can be read.
			const words = ask.task === 'next' ? '' : shown.push(piece);
			if (words !== '') send('piece', words);
		}, signal);
		const done = ask.task === 'next' ? advice(raw, mask) : words(shown.end(), prompt.sources);
		if (!done) return send('failed', { code: 'ai_failed' });
		await keep(needs, person, ask, reading, model, done.text);
		send('done', { ...done, cut } satisfies Assisted);
	});
};

function words({ text, named }: { text: string; named: number[] }, titles: string[]): Omit<Assisted, 'cut'> | null {
	if (text === '') return null;
	const sources = new Set(named.flatMap((number) => titles[number - 1] ?? []));
	return { text, sources: [...sources], action: null };
}

function advice(raw: string, mask: Parameters<typeof putBack>[1]): Omit<Assisted, 'cut'> | null {
	const next = readNext(raw);
	return next && { text: putBack(next.text, mask), sources: [], action: next.action };
}

/** What is for everybody who has the conversation, not for one person's field alone. */
async function keep(
	{ database }: AiNeeds,
	person: Person,
	ask: Ask,
	reading: AssistReading,
	model: string,
	text: string
) {
	const made_by = model.slice(0, 80);
	if (ask.task === 'summarise') {
		const { up_to } = reading;
		await database.keep(person, ask.conversation_id, { language: ask.to, text, up_to, made_by });
	} else if (ask.task === 'translate_message') {
		const { message_id, to: language } = ask;
		await database.keep(person, ask.conversation_id, { message_id, language, source_language: null, text, made_by });
	}
}

const nowAt = ({ language, timezone }: AssistReading['tenant']): string =>
	new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone: timezone }).format(new Date());

export const ACTIONS: ReadonlyMap<string, Action<AiNeeds>> = new Map([['assist', assist]]);
