import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { customerWrites } from '../threads.ts';

const database = useDatabase();

test('whoever answers holds up nothing that points to the conversation: a cost told meanwhile waits in no ring with its drain', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', async (sql) => {
		await sql`select public.send_message(${id}, ${randomUUID()}, '{"kind": "text", "text": "Já vejo"}')`;
		// What a foreign key asks for when a row of the conversation is written.
		const rows = await database.owner`select id from public.conversations where id = ${id} for key share nowait`;
		expect(rows).toHaveLength(1);
		const mine = database.owner`select id from public.conversations where id = ${id} for no key update nowait`;
		await expect(mine, 'it is held').rejects.toMatchObject({ code: '55P03' });
	});
});
