import { expect, test } from 'vitest';
import { uuid, type Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';
import { database, note, told } from './acts.ts';

test('people follow what they see, and leaders have others follow', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	const follow = (person: Person, who: Person, following = true) =>
		database.as(person, (sql) => sql`select public.follow_conversation(${id}, ${uuid(who)}, ${following})`);
	await follow('vera', 'vera');
	await follow('vera', 'vera');
	await follow('caio', 'sofia');
	expect(await refusal(follow('vera', 'sofia', false))).toBe('403 not_allowed');
	expect(await refusal(follow('ana', 'duda'))).toBe('422 participant_cannot_see');
	expect(await refusal(follow('duda', 'duda'))).toBe('404 conversation_not_found');
	await follow('vera', 'vera', false);
	await note('caio', id, 'Para quem acompanha');
	expect(await told('sofia', id)).toEqual(['participating']);
	expect(await told('vera', id)).toEqual([]);
	const left = await database.as(
		'ana',
		(sql) => sql`select user_id from public.participants where conversation_id = ${id}`
	);
	expect(left.map((row) => row.user_id as string).sort()).toEqual([uuid('caio'), uuid('sofia')].sort());
});
