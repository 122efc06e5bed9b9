import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';

const database = useDatabase();

async function question(): Promise<{ conversation: string; message: string }> {
	const { id } = await customerWrites(database, 'Do you have bread?');
	const [row] = await database.owner<{ id: string }[]>`
		select id from public.messages where conversation_id = ${id} and kind = 'text'`;
	return { conversation: id, message: row?.id ?? '' };
}

const translate = (message: string, text: string) =>
	database.worker`select private.keep_translation(${uuid('padaria')}, ${message}, 'pt', 'en', ${text}, 'test')`;
const summarise = (conversation: string, text: string, seq: number) =>
	database.worker`
		select private.keep_summary(
			${uuid('padaria')}, ${conversation}, 'pt', ${text}, ${JSON.stringify([{ label: 'Quer', value: 'pão' }])}::text::jsonb, ${seq}, 'test'
		)`;
const read = (person: Person, message: string) =>
	database.as(
		person,
		(sql) => sql<{ text: string }[]>`select text from public.message_translations where message_id = ${message}`
	);
const told = (event: string, conversation: string) =>
	database.owner<{ payload: { text: string } }[]>`
		select payload from realtime.messages where topic = ${`conversation:${conversation}`} and event = ${event} order by inserted_at`;

test('what a worker translates is read by whoever sees the message, and told to who has it open', async () => {
	const { conversation, message } = await question();
	await translate(message, 'Vocês têm pão?');
	expect(await read('caio', message)).toEqual([{ text: 'Vocês têm pão?' }]);
	expect(await read('bruno', message)).toEqual([]);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${conversation}, ${uuid('duda')})`);
	expect(await read('caio', message)).toEqual([]);
	expect((await told('translation', conversation)).map(({ payload }) => payload.text)).toEqual(['Vocês têm pão?']);
});

test('translating again replaces, and what is not there cannot be translated', async () => {
	const { message } = await question();
	await translate(message, 'Vocês tem pão?');
	await translate(message, 'Vocês têm pão?');
	expect(await read('ana', message)).toEqual([{ text: 'Vocês têm pão?' }]);
	expect(await refusal(Promise.resolve(translate(uuid('nobody'), 'x')))).toBe('404 message_not_found');
});

test('a summary that reaches further stays when an older one comes late', async () => {
	const { conversation } = await question();
	await summarise(conversation, 'Quer pão e já pagou.', 5);
	await summarise(conversation, 'Quer pão.', 3);
	const rows = await database.as(
		'caio',
		(sql) => sql<{ text: string; up_to_seq: string }[]>`
			select text, up_to_seq from public.conversation_summaries where conversation_id = ${conversation}`
	);
	expect(rows).toEqual([{ text: 'Quer pão e já pagou.', up_to_seq: '5' }]);
	expect(await told('summary', conversation)).toHaveLength(1);
});

test('nobody who is signed in writes either', async () => {
	const { conversation, message } = await question();
	for (const statement of [
		`insert into public.message_translations (tenant_id, message_id, message_created_at, language, text, made_by) values ('${uuid('padaria')}', '${message}', now(), 'pt', 'x', 'x')`,
		`delete from public.message_translations`,
		`insert into public.conversation_summaries (tenant_id, conversation_id, language, text, up_to_seq, made_by) values ('${uuid('padaria')}', '${conversation}', 'pt', 'x', 1, 'x')`,
		`update public.conversation_summaries set text = 'x'`,
		`select private.keep_summary('${uuid('padaria')}', '${conversation}', 'pt', 'x', null, 1, 'x')`
	])
		expect(await refusal(database.as('ana', (sql) => sql.unsafe(statement)))).toContain('42501');
});
