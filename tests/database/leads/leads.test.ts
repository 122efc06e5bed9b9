import { expect, test } from 'vitest';
import { useDatabase, type Database } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { publishFlow, works } from '../flows/bots.ts';
import type { Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';

const database = useDatabase();

interface Lead {
	id: string;
	title: string;
	temperature: string;
	value: string | null;
	source: string;
	status: string;
	closed: boolean;
}

const leadsIn = (from: Database, conversationId: string) =>
	from.owner<Lead[]>`
		select l.id, l.title, l.temperature, l.value, l.source, l.status, l.closed_at is not null as closed
		from public.leads l
		join public.conversations c on c.id = ${conversationId} and c.contact_id = l.contact_id
		order by l.created_at`;

const save = (person: Person, conversationId: string, id: string | null, lead: object) =>
	database.as(
		person,
		(sql) => sql<Lead[]>`select * from public.save_lead(${conversationId}, ${id}, ${JSON.stringify(lead)}::text::jsonb)`
	);

test('a flow notes a lead once, and what it finds out later goes to the same', async () => {
	await publishFlow(
		database,
		{
			nodes: [
				{ id: 'warm', type: 'lead', title: 'Bolo de casamento', temperature: 'warm', value: '350.5' },
				{ id: 'q', type: 'question', text: 'Para quando?', answer: { kind: 'text' }, save_as: 'dia' },
				{ id: 'hot', type: 'lead', title: '', temperature: 'hot', value: '' }
			],
			lines: ['s > warm', 'warm > q', 'q > hot'],
			variables: [{ name: 'dia', type: 'text' }]
		},
		[{ type: 'keyword', words: ['bolo'], match: 'whole' }]
	);
	const { id, phone } = await customerWrites(database, 'bolo');
	await works(database, id);
	expect(await leadsIn(database, id)).toMatchObject([
		{ title: 'Bolo de casamento', temperature: 'warm', value: '350.50', source: 'flow', status: 'open' }
	]);
	await receive(database.door, [delivery([textFrom(phone, 'sábado')])]);
	await works(database, id);
	expect(await leadsIn(database, id)).toMatchObject([
		{ title: 'Bolo de casamento', temperature: 'hot', value: '350.50' }
	]);
});

test('people note, win and take back; the next one found out is another', async () => {
	const { id } = await customerWrites(database);
	const [noted] = await save('ana', id, null, { title: ' Plano anual ', temperature: 'hot', value: 1200 });
	expect(noted).toMatchObject({ title: 'Plano anual', value: '1200.00', source: 'agent', status: 'open' });
	await save('ana', id, noted?.id ?? null, { status: 'won' });
	expect(await leadsIn(database, id)).toMatchObject([{ status: 'won', closed: true }]);
	await save('ana', id, noted?.id ?? null, { status: 'open' });
	expect(await leadsIn(database, id)).toMatchObject([{ status: 'open', closed: false }]);
	await save('ana', id, noted?.id ?? null, { status: 'lost' });

	await database.owner`
		select private.note_lead(c, 'ai', null, '{"temperature": "warm"}') from public.conversations c where c.id = ${id}`;
	expect(await leadsIn(database, id)).toMatchObject([{ status: 'lost' }, { status: 'open', source: 'ai' }]);
});

test('what is no lead is refused with a reason', async () => {
	const { id } = await customerWrites(database);
	for (const lead of [
		{},
		{ title: ' ' },
		{ title: 'Bolo', value: -1 },
		{ title: 'Bolo', value: 'caro' },
		{ title: 'Bolo', temperature: 'morno' }
	])
		expect(await refusal(save('ana', id, null, lead)), JSON.stringify(lead)).toBe('422 lead_invalid');
	expect(await refusal(save('ana', id, '00000000-0000-4000-8000-000000000000', { status: 'won' }))).toBe(
		'404 lead_not_found'
	);
	expect(await leadsIn(database, id)).toEqual([]);
});

test('a lead goes with its person: merged, it is the other’s; parted, it is theirs again', async () => {
	const one = await customerWrites(database);
	const other = await customerWrites(database);
	await save('ana', other.id, null, { title: 'Encomenda' });
	const [who] = await database.owner<{ keep: string; gone: string }[]>`
		select a.contact_id as keep, b.contact_id as gone from public.conversations a, public.conversations b where a.id = ${one.id} and b.id = ${other.id}`;
	const merge = await database.as(
		'sofia',
		(sql) => sql<{ id: string }[]>`select id from public.merge_contacts(${who?.keep ?? ''}, ${who?.gone ?? ''})`
	);
	expect(await leadsIn(database, one.id)).toMatchObject([{ title: 'Encomenda' }]);
	await database.as('sofia', (sql) => sql`select public.part_contacts(${merge[0]?.id ?? ''})`);
	expect(await leadsIn(database, one.id)).toEqual([]);
	expect(await leadsIn(database, other.id)).toMatchObject([{ title: 'Encomenda' }]);
});
