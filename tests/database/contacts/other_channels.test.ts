import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';

const database = useDatabase();
const second: string = randomUUID();

beforeAll(async () => {
	await database.owner`
		insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
		values (${second}, ${uuid('padaria')}, 'whatsapp', 'Encomendas', '9998887770', '777000111', '+55 11 3333-0000')`;
});

interface Other {
	channel_id: string;
	name: string;
	open_id: string | null;
	taken: boolean;
}

const others = (person: Person, id: string) =>
	database.as(person, (sql) => sql<Other[]>`select * from public.other_channels(${id})`);
const goOn = async (person: Person, id: string, channel = second) =>
	(
		await database.as(
			person,
			(sql) => sql<{ id: string; channel_id: string; assignee_id: string; contact_id: string }[]>`
				select * from public.continue_on_channel(${id}, ${channel})`
		)
	)[0];

test('whoever asked on one number is answered on another, in one conversation however often it is asked for', async () => {
	const { id } = await customerWrites(database);
	expect(await others('caio', id)).toMatchObject([
		{ channel_id: second, name: 'Encomendas', open_id: null, taken: false }
	]);
	const there = await goOn('caio', id);
	expect(there).toMatchObject({ channel_id: second, assignee_id: uuid('caio') });
	expect((await goOn('caio', id))?.id).toBe(there?.id);
	expect(await others('caio', id)).toMatchObject([{ open_id: there?.id }]);
	// And back again.
	expect((await goOn('caio', there?.id ?? '', uuid('padaria channel')))?.id).toBe(id);
});

test('what a colleague has there is not shown, and nobody takes it', async () => {
	const { id } = await customerWrites(database);
	await goOn('duda', id);
	expect(await others('caio', id)).toMatchObject([{ open_id: null, taken: true }]);
	expect(await refusal(goOn('caio', id))).toBe('409 conversation_open_elsewhere');
	// A supervisor sees both.
	expect((await others('sofia', id))[0]?.taken).toBe(false);
});

test('a person without a number is reached only where they have written before', async () => {
	const { id } = await customerWrites(database);
	await database.owner`
		update public.contact_identities i set kind = 'bsuid', value = 'BR.' || i.value, address = 'BR.' || i.value
		from public.conversations c where c.id = ${id} and i.contact_id = c.contact_id`;
	expect(await others('caio', id)).toEqual([]);
	expect(await refusal(goOn('caio', id))).toBe('409 channel_unreachable');
});

test('a viewer opens nothing, and a channel of another company is none', async () => {
	const { id } = await customerWrites(database);
	expect(await refusal(goOn('vera', id))).toBe('403 not_allowed');
	expect(await refusal(goOn('caio', id, uuid('oficina channel')))).toBe('404 channel_not_found');
	expect(await refusal(goOn('edu', id))).toBe('404 conversation_not_found');
});
