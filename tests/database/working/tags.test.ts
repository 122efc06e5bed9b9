import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { uuid, type Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';
import { database, tag, madeTag, now, activities } from './acts.ts';

test('a conversation takes its own company’s tags alone, 30 at most', async () => {
	const { id } = await customerWrites(database);
	const [ours, theirs] = [await madeTag('Nossa'), await madeTag('Deles', 'oficina')];
	expect((await tag('caio', id, [ours, theirs, randomUUID(), ours])).tag_ids).toEqual([ours]);
	await database.owner`update public.conversations set tag_ids = ${[theirs, ours]}::uuid[] where id = ${id}`;
	expect((await now(id)).tag_ids).toEqual([ours]);
	const many = await Promise.all(Array.from({ length: 30 }, (_, n) => madeTag(`Muitas ${n}`)));
	expect(await refusal(tag('caio', id, many))).toBe('422 too_many_tags');
	expect((await tag('caio', id, many, [ours])).tag_ids).toHaveLength(30);
});

test('a deleted tag is gone at once and taken off its conversations by the job, without a word in their threads', async () => {
	const [gone, kept] = [await madeTag('Antiga'), await madeTag('Nova')];
	const threads = [await customerWrites(database), await customerWrites(database)];
	for (const { id } of threads) await tag('caio', id, [gone]);
	await tag('caio', threads[0]?.id ?? '', [kept]);
	await database.as('sofia', (sql) => sql`select public.delete_tag(${uuid('padaria')}, ${gone}, ${kept})`);
	const [job] = await database.owner<{ payload: { tenant_id: string } }[]>`
		select p.payload from graphile_worker._private_jobs p join graphile_worker.jobs j on j.id = p.id where j.task_identifier = 'tag__retire'`;
	expect(job?.payload).toEqual({ tenant_id: uuid('padaria'), tag_id: gone, into_id: kept });
	let done = 1;
	while (done > 0) {
		const [row] = await database.worker<{ done: number }[]>`
			select private.retire_tag(${uuid('padaria')}, ${gone}, ${kept}) as done`;
		done = row?.done ?? 0;
	}
	for (const { id } of threads) expect((await now(id)).tag_ids).toEqual([kept]);
	expect(await activities(threads[1]?.id ?? '')).toHaveLength(1);
});

test('a tag is made, renamed and put in order by whoever manages tags, and no name is there twice', async () => {
	const save = (person: Person, id: string | null, name: string, color = 'red') =>
		database.as(
			person,
			(sql) => sql<{ id: string; name: string; position: number }[]>`
				select * from public.save_tag(${uuid('oficina')}, ${id}, ${name}, ${color})`
		);
	const [first] = await save('silvia', null, ' Garantia ');
	const [second] = await save('silvia', null, 'Revisão');
	expect(first?.name).toBe('Garantia');
	expect(await refusal(save('silvia', null, 'GARANTIA'))).toBe('409 tag_name_taken');
	expect(await refusal(save('silvia', second?.id ?? '', 'garantia'))).toBe('409 tag_name_taken');
	expect(await refusal(save('silvia', null, ''))).toBe('422 tag_invalid');
	expect(await refusal(save('silvia', null, 'Cor', 'mauve'))).toBe('422 tag_invalid');
	expect(await refusal(save('edu', null, 'Minha'))).toBe('403 not_allowed');
	expect(await refusal(save('ana', null, 'Invasora'))).toBe('404 tenant_not_found');
	const ordered = await database.as(
		'silvia',
		(sql) => sql<{ id: string }[]>`select id from public.order_tags(${uuid('oficina')}, ${[second?.id ?? '']}::uuid[])`
	);
	expect(ordered[0]?.id).toBe(second?.id);
});
