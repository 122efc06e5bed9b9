import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { answer, claim, customerWrites } from '../threads.ts';

const database = useDatabase();

test('an answer that waits to be sent leaves also when its contact turns out to be somebody we knew', async () => {
	const known = await customerWrites(database);
	const bsuid = { kind: 'bsuid', value: 'BR.merged', address: 'BR.merged' } as const;
	await receive(database.door, [delivery([textFrom('', 'Sou eu', { identities: [bsuid] })])]);
	const [stranger] = await database.owner<{ id: string }[]>`
		select c.id
		from public.conversations c
		join public.contact_identities i on i.contact_id = c.contact_id and i.value = ${bsuid.value}`;
	const message = await answer(database, 'caio', String(stranger?.id), 'Já respondo');

	const phone = { kind: 'phone', value: known.phone, address: known.phone } as const;
	await receive(database.door, [delivery([textFrom('', 'Sou o mesmo', { identities: [phone, bsuid] })])]);
	const waiting = await database.owner`select conversation_id from private.outbox`;
	expect(waiting).toEqual([{ conversation_id: known.id }]);
	expect(await claim(database, String(stranger?.id))).toBeNull();
	expect((await claim(database, known.id))?.message_id).toBe(message.id);
});
