import { afterEach, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { publishAgent, takes, turnsIn, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
const TOOLS = { tools: ['hand_over', 'remember'] };

interface Fact {
	id: string;
	text: string;
	agent_id: string | null;
	message_id: string | null;
	written_by: string | null;
}
const contactOf = async (id: string) => {
	const [row] = await database.owner<{ contact_id: string }[]>`
		select contact_id from public.conversations where id = ${id}`;
	return row?.contact_id ?? '';
};
const factsAs = (person: Person, contact: string) =>
	database.as(
		person,
		(sql) => sql<Fact[]>`
			select id, text, agent_id, message_id, written_by from public.contact_facts
			where contact_id = ${contact} order by created_at`
	);
const save = (person: Person, contact: string, fact: string | null, text: string) =>
	database.as(person, (sql) => sql<Fact[]>`select * from public.save_contact_fact(${contact}, ${fact}, ${text})`);
const erase = (person: Person, fact: string, erased = true) =>
	database.as(person, (sql) => sql`select public.erase_contact_fact(${fact}, ${erased})`);
/** A turn whose decision names these facts, whatever the customer wrote. */
async function decides(id: string, facts: string[]) {
	const decision = { intent: 'other', sentiment: 'neutral', urgency: 'low', hand_over: false, confidence: 0.9, facts };
	await stage.post('answers', { format: 'json', content: JSON.stringify(decision) });
	return takes(await stage.deps(database), id);
}

afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.contact_facts`;
});

test('an agent learns what a customer says of themselves, with the message, and knows it in the next conversation', async () => {
	const agent = await publishAgent(database, TOOLS);
	const { id, phone } = await customerWrites(database, 'Tenho um Gol 2014. Vocês fazem entrega?');
	expect(await takes(await stage.deps(database), id)).toBe('done');
	const contact = await contactOf(id);
	const [message] = await database.owner`select id from public.messages where conversation_id = ${id} and seq = 1`;
	expect(await factsAs('vera', contact)).toMatchObject([
		{ text: 'Tem um Gol 2014', agent_id: agent, message_id: message?.['id'], written_by: null }
	]);
	const [turn] = await turnsIn(database, id);
	expect(turn?.actions).toEqual([{ tool: 'remember' }]);
	expect(JSON.stringify(turn?.decision), 'it stands with the contact alone, where it can be erased').not.toContain(
		'Gol'
	);

	await database.as('sofia', (sql) => sql`select public.close_conversation(${id})`);
	await receive(database.door, [delivery([textFrom(phone, 'oi, voltei')])]);
	const [next] = await database.owner<{ id: string }[]>`
		select id from public.conversations where contact_id = ${contact} and status = 'open'`;
	await fetch(`${stage.model.url}/_simulator/asked`, { method: 'DELETE' });
	expect(await takes(await stage.deps(database), next?.id ?? '')).toBe('done');
	for (const { body } of stage.model.asked) expect(JSON.stringify(body)).toContain('<fact>Tem um Gol 2014</fact>');
});

test('an agent that was not told to remember learns nothing', async () => {
	await publishAgent(database);
	const { id } = await customerWrites(database, 'Tenho um Gol 2014');
	await takes(await stage.deps(database), id);
	expect(await factsAs('ana', await contactOf(id))).toEqual([]);
});

test('a person corrects and forgets: what was forgotten is not read, not learnt again, and wiped after an hour', async () => {
	await publishAgent(database, TOOLS);
	const { id, phone } = await customerWrites(database, 'Tenho um Gol 2014');
	await takes(await stage.deps(database), id);
	const contact = await contactOf(id);
	const [fact] = await factsAs('caio', contact);
	await save('caio', contact, fact?.id ?? '', 'Tem um Gol 2015');
	expect(await factsAs('caio', contact)).toMatchObject([{ text: 'Tem um Gol 2015', written_by: uuid('caio') }]);
	await erase('caio', fact?.id ?? '');
	expect(await factsAs('caio', contact)).toEqual([]);
	await erase('caio', fact?.id ?? '', false);
	expect(await factsAs('caio', contact)).toHaveLength(1);
	await erase('caio', fact?.id ?? '');

	await receive(database.door, [delivery([textFrom(phone, 'Como eu disse, tenho um Gol 2015')])]);
	await fetch(`${stage.model.url}/_simulator/asked`, { method: 'DELETE' });
	await takes(await stage.deps(database), id);
	expect(await factsAs('caio', contact)).toEqual([]);
	expect(JSON.stringify(stage.model.asked.map(({ body }) => body))).not.toContain('<fact>Tem um Gol');
	await database.owner`update public.contact_facts set erased_at = now() - interval '61 minutes'`;
	await database.worker`select private.tidy_contact_facts()`;
	expect(await database.owner`select text from public.contact_facts where contact_id = ${contact}`).toEqual([
		{ text: '' }
	]);
	await expect(erase('caio', fact?.id ?? '', false)).rejects.toThrow('contact_fact_not_found');
	const log = await database.owner<{ action: string; actor_id: string | null }[]>`
		select action, actor_id, before::text || after::text as told from public.audit_log
		where table_name = 'contact_facts' and row_id = ${fact?.id ?? ''} order by id`;
	expect(log.map(({ action, actor_id }) => [action, actor_id])).toEqual([
		['insert', null],
		['update', uuid('caio')],
		['delete', uuid('caio')],
		['update', uuid('caio')],
		['delete', uuid('caio')]
	]);
	const [told] = await database.owner`
		select count(*)::integer as told from public.audit_log where table_name = 'contact_facts' and after::text like '%Gol%'`;
	expect(told, 'the log says who, never what').toEqual({ told: 0 });
});

test('who may see contacts reads, who may change them writes, and nobody of another company does either', async () => {
	const contact = await contactOf((await customerWrites(database)).id);
	const [fact] = await save('caio', contact, null, 'Prefere de manhã');
	expect(fact).toMatchObject({ written_by: uuid('caio'), agent_id: null });
	for (const person of ['ana', 'sofia', 'duda', 'vera'] as const)
		expect(await factsAs(person, contact), person).toHaveLength(1);
	for (const person of ['aline', 'bruno', 'olga'] as const) {
		expect(await factsAs(person, contact), person).toEqual([]);
		await expect(save(person, contact, fact?.id ?? '', 'x y'), person).rejects.toThrow('contact_not_found');
		await expect(erase(person, fact?.id ?? ''), person).rejects.toThrow('contact_fact_not_found');
	}
	await expect(save('vera', contact, null, 'Gosta de bolo')).rejects.toThrow('not_allowed');
	await expect(erase('vera', fact?.id ?? '')).rejects.toThrow('not_allowed');
	const other = await contactOf((await customerWrites(database)).id);
	await expect(save('caio', other, fact?.id ?? '', 'Outro'), 'another contact’s').rejects.toThrow(
		'contact_fact_not_found'
	);
});

test.for([
	'CPF 529.982.247-25',
	'Liga no (11) 98765-4321',
	'rita@exemplo.com',
	'cartão 4111 1111 1111 1111',
	'É o [CPF_1]',
	' ',
	'x'.repeat(201)
])('«%s» is refused, whoever writes it', async (text) => {
	const contact = await contactOf((await customerWrites(database)).id);
	await expect(save('ana', contact, null, text)).rejects.toThrow('contact_fact_invalid');
	expect(await factsAs('ana', contact)).toEqual([]);
});

test('what a model names that is personal is not learnt, and the answer is said all the same', async () => {
	await publishAgent(database, TOOLS);
	const { id } = await customerWrites(database, 'meu CPF é 529.982.247-25, moro longe');
	expect(await decides(id, ['O CPF é 529.982.247-25', 'O CPF é [CPF_1]', 'Mora longe'])).toBe('done');
	expect((await factsAs('ana', await contactOf(id))).map(({ text }) => text)).toEqual(['Mora longe']);
});

test('thirty are kept: the oldest that no person has touched goes, and a person is told when it is full', async () => {
	await publishAgent(database, TOOLS);
	const { id } = await customerWrites(database, 'oi');
	const contact = await contactOf(id);
	await save('caio', contact, null, 'Escrito por gente');
	await database.owner`
		insert into public.contact_facts (tenant_id, contact_id, text, key, agent_id)
		select ${uuid('padaria')}, ${contact}, 'Aprendido ' || n, md5('a' || n), gen_random_uuid() from generate_series(1, 29) n`;
	await expect(save('caio', contact, null, 'Mais um')).rejects.toThrow('contact_facts_full');
	expect(await decides(id, ['Gosta de bolo de fubá'])).toBe('done');
	const texts = (await factsAs('caio', contact)).map(({ text }) => text);
	expect(texts).toHaveLength(30);
	expect(texts[0]).toBe('Escrito por gente');
	expect(texts.at(-1)).toBe('Gosta de bolo de fubá');
	expect(texts).not.toContain('Aprendido 1');
});

test('facts go along when contacts are made one, come back when they are parted, and go with the contact', async () => {
	const [keep, gone] = [
		await contactOf((await customerWrites(database)).id),
		await contactOf((await customerWrites(database)).id)
	];
	await save('ana', keep, null, 'Prefere de manhã');
	await save('ana', gone, null, 'Tem dois gatos');
	const merge = await database.as('ana', async (sql) => {
		const [row] = await sql<{ id: string }[]>`select id from public.merge_contacts(${keep}, ${gone})`;
		return row?.id ?? '';
	});
	expect((await factsAs('ana', keep)).map(({ text }) => text)).toEqual(['Prefere de manhã', 'Tem dois gatos']);
	await database.as('ana', (sql) => sql`select public.part_contacts(${merge})`);
	expect((await factsAs('ana', keep)).map(({ text }) => text)).toEqual(['Prefere de manhã']);
	expect((await factsAs('ana', gone)).map(({ text }) => text)).toEqual(['Tem dois gatos']);
	await database.owner`delete from public.messages where contact_id = ${gone}`;
	await database.owner`delete from public.conversations where contact_id = ${gone}`;
	await database.owner`delete from public.contacts where id = ${gone}`;
	expect(await database.owner`select from public.contact_facts where contact_id = ${gone}`).toHaveLength(0);
});
