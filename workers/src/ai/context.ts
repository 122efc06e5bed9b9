import type { Turn } from '@prosa/core/ai/prompt/assemble.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { Found, type Reading } from './reading.ts';

/** What was said, as a model reads it: a picture is named, its caption with it. */
export const saidOf = (said: Reading['said']): Turn[] =>
	said.map(({ author, kind, text }) => ({
		author,
		text: kind === 'text' ? (text ?? '') : `(${kind})${text ? ` ${text}` : ''}`
	}));

/** A tenant's day and hour, as they would say it. */
export const nowAt = ({ language, timezone }: Reading['tenant']): string =>
	new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone: timezone }).format(new Date());

/** The pieces of the tenant's documents that fit a question. */
export async function searchFor(db: Database, tenantId: string, question: string): Promise<Found[]> {
	if (question.trim() === '') return [];
	const [row] = await answered(
		db<{ found: unknown }[]>`select private.search_knowledge(${tenantId}, ${question.slice(0, 2_000)}) as found`
	);
	return z.array(Found).parse(row?.found ?? []);
}
