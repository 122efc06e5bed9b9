import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { useDatabase, type Transaction } from '../database.ts';
import { delivery, receive } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { rolledBack } from '../rolled_back.ts';
import { listed, readList, row, wabaOf } from './templates.ts';

const database = useDatabase();
const channel = uuid('padaria channel');
let count = 0;
let name = '';

beforeEach(async () => {
	name = `modelo_${++count}`;
	await database.owner`insert into private.channel_secrets values (${channel}, 'access_token', 'k1', ${Buffer.alloc(12)}, ${Buffer.alloc(4)}) on conflict do nothing`;
});

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 1) + seconds * 1_000).toISOString();
const about = (more: object, id: string | number = 501) => ({
	message_template_id: id,
	message_template_name: name,
	message_template_language: 'pt-BR',
	...more
});
const STATUS = 'message_template_status_update';
const QUALITY = 'message_template_quality_update';
const CATEGORY = 'template_category_update';

/** Meta tells, through the door. */
async function told(field: string, payload: object, time: string): Promise<void> {
	await receive(database.door, [
		delivery([{ type: 'account', phone_number_id: null, waba_id: wabaOf('padaria'), field, payload, at: time }])
	]);
}

test('a template nobody here knew is known by its first notice, and read at once', async () => {
	await told(STATUS, about({ event: 'APPROVED', reason: 'NONE' }), at(1));
	expect(await row(database, name)).toMatchObject({ status: 'APPROVED', components: null, external_id: '501' });
	const jobs = await database.owner`select from graphile_worker.jobs where task_identifier = 'templates__sync'`;
	expect(jobs.length).toBeGreaterThan(0);
});

test('a rejection comes with its reason and what to do', async () => {
	const rejection_info = { reason: 'INVALID', recommendation: 'Separate the parameters.' };
	await told(STATUS, about({ event: 'REJECTED', reason: 'INVALID_FORMAT', rejection_info }, 502), at(1));
	expect(await row(database, name)).toMatchObject({
		status: 'REJECTED',
		rejected_reason: 'INVALID_FORMAT',
		status_detail: rejection_info
	});
});

test('bad quality pauses for three hours, then for six, then for good', async () => {
	const pause = (title: string) => about({ event: 'PAUSED', other_info: { title, description: '' } }, 503);
	await told(STATUS, pause('FIRST_PAUSE'), at(0));
	expect(await row(database, name)).toMatchObject({ status: 'PAUSED', paused_until: new Date(at(3 * 3_600)) });
	await told(STATUS, about({ event: 'REINSTATED' }, 503), at(4 * 3_600));
	expect(await row(database, name)).toMatchObject({ status: 'APPROVED', paused_until: null });
	await told(STATUS, pause('SECOND_PAUSE'), at(5 * 3_600));
	expect(await row(database, name)).toMatchObject({ status: 'PAUSED', paused_until: new Date(at(11 * 3_600)) });
	await told(STATUS, about({ event: 'DISABLED' }, 503), at(12 * 3_600));
	expect(await row(database, name)).toMatchObject({ status: 'DISABLED', paused_until: null });
});

test('a change of category is announced, then happens', async () => {
	await told(
		CATEGORY,
		about({ new_category: 'UTILITY', correct_category: 'MARKETING', category_update_timestamp: 1793000000 }, 504),
		at(1)
	);
	expect(await row(database, name)).toMatchObject({
		category: 'UTILITY',
		next_category: 'MARKETING',
		category_changes_at: new Date(1_793_000_000_000)
	});
	await told(CATEGORY, about({ previous_category: 'UTILITY', new_category: 'MARKETING' }, 504), at(2));
	expect(await row(database, name)).toMatchObject({
		category: 'MARKETING',
		previous_category: 'UTILITY',
		next_category: null
	});
});

test('a new text is used from its notice on', async () => {
	await readList(database, 'padaria', [listed(name, { id: '505' })], new Date(at(0)));
	await told(
		'message_template_components_update',
		about({ message_template_element: 'Olá, {{1}} e {{2}}!' }, 505),
		at(60)
	);
	expect(await row(database, name)).toMatchObject({ components: [{ type: 'BODY', text: 'Olá, {{1}} e {{2}}!' }] });
});

test('what the list shows is newer than a notice from before it was read', async () => {
	await readList(database, 'padaria', [listed(name, { id: '506', status: 'APPROVED' })], new Date(at(100)));
	await told(STATUS, about({ event: 'PENDING' }, 506), at(50));
	expect(await row(database, name)).toMatchObject({ status: 'APPROVED' });
	await told(STATUS, about({ event: 'DISABLED' }, 506), at(150));
	expect(await row(database, name)).toMatchObject({ status: 'DISABLED' });
});

test('the end of a template that was replaced does not end the one that took its name', async () => {
	await told(STATUS, about({ event: 'APPROVED' }, 'old'), at(1));
	await told(STATUS, about({ event: 'APPROVED' }, 'new'), at(20));
	await told(STATUS, about({ event: 'DELETED' }, 'old'), at(30));
	expect(await row(database, name)).toMatchObject({ status: 'APPROVED', external_id: 'new' });
});

const notices = fc.array(
	fc.tuple(
		fc.oneof(
			fc
				.constantFrom('PENDING', 'APPROVED', 'REJECTED', 'DISABLED', 'FLAGGED', 'REINSTATED')
				.map((event) => [STATUS, { event }] as const),
			fc
				.constantFrom('FIRST_PAUSE', 'SECOND_PAUSE')
				.map((title) => [STATUS, { event: 'PAUSED', other_info: { title } }] as const),
			fc.constantFrom('GREEN', 'YELLOW', 'RED').map((new_quality_score) => [QUALITY, { new_quality_score }] as const),
			fc.constantFrom('UTILITY', 'MARKETING').map((new_category) => [CATEGORY, { new_category }] as const),
			fc
				.constantFrom('MARKETING')
				.map((correct_category) => [CATEGORY, { new_category: 'UTILITY', correct_category }] as const)
		),
		fc.nat(6)
	),
	{ minLength: 1, maxLength: 6 }
);

test('any order and repetition of notices ends in the same template', async () => {
	const [tenant, waba] = [uuid('padaria'), wabaOf('padaria')];
	const after = async (list: readonly (readonly [readonly [string, object], number])[]) => {
		let found: object | undefined;
		await rolledBack(database.owner, async (sql: Transaction) => {
			for (const [[field, payload], second] of list) {
				await sql`select private.apply_template_notice(${tenant}, ${channel}, ${field}, ${JSON.stringify(about(payload, 'same'))}::text::jsonb, ${at(second)})`;
			}
			[found] = await sql`
				select status, status_at, status_detail, paused_until, quality, quality_at, category, previous_category, next_category, category_at,
					(select count(*) from public.template_events e where e.template_id = t.id) as events
				from public.templates t
				where t.tenant_id = ${tenant} and t.waba_id = ${waba} and t.name = ${name}`;
		});
		expect(found).toBeDefined();
		return found;
	};
	await fc.assert(
		fc.asyncProperty(
			notices.chain((list) =>
				fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }))
			),
			async ([list, shuffled]) => {
				// Two pauses of one second differ in their end alone: which of them holds is nobody's word.
				const pauses = list
					.filter(([[, payload]]) => 'event' in payload && payload.event === 'PAUSED')
					.map(([, second]) => second);
				fc.pre(new Set(pauses).size === pauses.length);
				expect(await after(shuffled)).toEqual(await after(list));
			}
		),
		{ numRuns: 60 }
	);
}, 60_000);

test('a refused send stops the template by its code, tells, and the next list frees it', async () => {
	await readList(database, 'padaria', [listed(name, { id: '507' })], new Date(at(0)));
	const stop = (code: number) =>
		database.owner`select private.stop_template(${channel}, ${name}, 'pt_BR', ${JSON.stringify({ code, title: 'x', details: null })}::text::jsonb)`;
	await stop(132015);
	expect(await row(database, name)).toMatchObject({ status: 'PAUSED', problem: { code: '132015' } });
	await stop(132016);
	expect(await row(database, name)).toMatchObject({ status: 'DISABLED' });
	const { id } = (await row(database, name)) ?? {};
	const told_about = await database.as(
		'caio',
		(sql) => sql`select kind, value from public.template_events where template_id = ${id}`
	);
	expect(told_about).toEqual(
		expect.arrayContaining([
			{ kind: 'stopped', value: '132015' },
			{ kind: 'stopped', value: '132016' }
		])
	);

	await readList(database, 'padaria', [listed(name, { id: '507' })], new Date(Date.now() + 1_000));
	expect(await row(database, name)).toMatchObject({ status: 'APPROVED', problem: null });
});

test('what is missing from a whole list was deleted; a list that broke off deletes nothing', async () => {
	await readList(database, 'padaria', [listed(name, { id: '508' })], new Date(at(200)));
	await database.owner`update public.templates set created_at = ${at(0)} where name = ${name}`;
	const [tenant, waba] = [uuid('padaria'), wabaOf('padaria')];
	const finish = (error: string | null) =>
		database.worker`select private.finish_template_sync(${tenant}, ${waba}, ${at(300)}, '[]', ${error}::text::jsonb)`;
	await finish('{"code": 4}');
	expect(await row(database, name)).toMatchObject({ status: 'APPROVED' });
	await finish(null);
	expect(await row(database, name)).toMatchObject({ status: 'DELETED' });
});
