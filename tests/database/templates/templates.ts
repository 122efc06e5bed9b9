import type { Database } from '../database.ts';
import { NUMBERS, uuid, type Company } from '../people.ts';

export const wabaOf = (company: Company): string => `${NUMBERS[company]}9`;

/** A template as Meta's list gives it. */
export const listed = (name: string, more: object = {}) => ({
	id: `77${name.length}${[...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)}`,
	name,
	language: 'pt_BR',
	status: 'APPROVED',
	category: 'UTILITY',
	parameter_format: 'POSITIONAL',
	quality_score: { score: 'GREEN' },
	components: [{ type: 'BODY', text: 'Oi, {{1}}! Seu pedido está pronto.' }],
	...more
});

/** Reads a whole list, as the worker does: pages, then the end. */
export async function readList(
	{ worker }: Database,
	company: Company,
	items: { id: string }[],
	at = new Date()
): Promise<void> {
	const [tenant, waba] = [uuid(company), wabaOf(company)];
	await worker`select private.start_template_sync(${tenant}, ${waba})`;
	await worker`select private.store_templates(${tenant}, ${waba}, ${at}, ${JSON.stringify(items)}::text::jsonb)`;
	await worker`
		select private.finish_template_sync(${tenant}, ${waba}, ${at}, ${JSON.stringify(items.map(({ id }) => id))}::text::jsonb, null)`;
}

/** A template's row by name. */
export async function row({ owner }: Database, name: string, language = 'pt_BR') {
	const [found] = await owner`select * from public.templates where name = ${name} and language = ${language}`;
	return found;
}
