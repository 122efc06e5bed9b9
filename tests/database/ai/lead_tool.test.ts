import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { customerWrites } from '../threads.ts';
import { publishAgent, takes, turnsIn, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
const notes = (lead: object) =>
	stage.post('answers', { calls: [{ name: 'lead', arguments: JSON.stringify(lead) }], format: 'text' });

test('an agent notes a lead with its turn, and brings the open one up to date', async () => {
	const agent = await publishAgent(database, { tools: ['lead', 'hand_over'] });
	const { id, phone } = await customerWrites(database, 'quero encomendar 200 pães para sábado');
	const worker = await stage.deps(database);
	await notes({ title: '200 pães', temperature: 'warm', reason: 'Quer encomendar para sábado', value: 380 });
	await takes(worker, id);
	const leads = () =>
		database.owner`select title, temperature, value::float as value, source, source_id, status from public.leads where conversation_id = ${id}`;
	expect(await leads()).toEqual([
		{ title: '200 pães', temperature: 'warm', value: 380, source: 'ai', source_id: agent, status: 'open' }
	]);
	expect(await turnsIn(database, id)).toMatchObject([{ actions: [{ tool: 'lead' }] }]);

	await receive(database.door, [delivery([textFrom(phone, 'fechado, quero já')])]);
	await notes({ title: '200 pães', temperature: 'hot', reason: 'Fechou' });
	await takes(worker, id);
	expect(await leads()).toMatchObject([{ temperature: 'hot', value: 380 }]);
});

test('what a model writes of a lead is checked, and told to it', async () => {
	await publishAgent(database, { tools: ['lead'] });
	const { id } = await customerWrites(database, 'quero encomendar');
	await notes({ title: '', temperature: 'boiling', reason: 'x' });
	await takes(await stage.deps(database), id);
	expect(await database.owner`select from public.leads where conversation_id = ${id}`).toHaveLength(0);
	const told = JSON.stringify(stage.model.asked.map(({ body }) => body));
	expect(told).toContain('temperature');
});
