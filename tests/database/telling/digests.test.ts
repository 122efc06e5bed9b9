import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { arrangeConversation, notify } from './stage.ts';

const database = useDatabase();
const padaria = uuid('padaria');

/** A person has been away since a while, and their letter is due. */
async function isDue(person: Person, minutesAway = 30): Promise<void> {
	await database.owner`
		update private.digests
		set look_at = now(), seen_at = now() - make_interval(mins => ${minutesAway})
		where user_id = ${uuid(person)} and tenant_id = ${padaria}`;
}

async function compose(): Promise<void> {
	await database.owner`update private.digests set look_at = 'infinity' where look_at <= now() and user_id <> all (${due})`;
	await database.worker`select private.compose_digests()`;
}
let due: string[] = [];
async function composeFor(person: Person, minutesAway?: number): Promise<string | null> {
	due = [uuid(person)];
	await isDue(person, minutesAway);
	await compose();
	const [row] = await database.owner<{ id: string }[]>`
		select id from private.digest_mails where user_id = ${uuid(person)}`;
	return row?.id ?? null;
}

interface Letter {
	to: string;
	items: { type: string; contact: string | null; preview: string | null; count: number }[];
}

async function claim(id: string | null): Promise<Letter | null> {
	const [row] = await database.worker<{ letter: Letter | null }[]>`select private.claim_digest(${id}) as letter`;
	return row?.letter ?? null;
}
const settle = (id: string | null, outcome: string, problem: string | null = null) =>
	database.worker`select private.settle_digest(${id}, ${outcome}, ${problem}, now() + interval '1 minute')`;
const set = (person: Person, changes: object) =>
	database.as(
		person,
		(sql) => sql`select public.save_notification_settings(${padaria}, ${sql.json(changes as never)})`
	);
const lookAt = async (person: Person, zone = 'America/Sao_Paulo') => {
	const [row] = await database.owner<{ at: string; infinite: boolean }[]>`
		select to_char(look_at at time zone ${zone}, 'HH24:MI') as at, look_at = 'infinity' as infinite
		from private.digests where user_id = ${uuid(person)} and tenant_id = ${padaria}`;
	return row?.infinite ? 'never' : row?.at;
};

test('what stays unread is one letter, each conversation with what happened in it', async () => {
	const maria = await arrangeConversation(database.owner, { name: 'Maria', assignee: 'caio', unread: 2 });
	const jose = await arrangeConversation(database.owner, { name: 'José', assignee: 'caio' });
	await notify(database.owner, ['caio'], 'mentioned', jose);
	const id = await composeFor('caio');
	const letter = await claim(id);
	expect(letter?.to).toBe('caio@example.test');
	expect(letter?.items.map(({ type, contact }) => [type, contact]).sort()).toEqual([
		['mentioned', 'José'],
		['message', 'Maria']
	]);
	await settle(id, 'sent');
	expect(await composeFor('caio'), 'each thing once').toBeNull();
	await notify(database.owner, ['caio'], 'mentioned', maria);
	const next = await composeFor('caio');
	expect((await claim(next))?.items.map(({ type }) => type)).toEqual(['mentioned']);
	await settle(next, 'sent');
});

test('what was read before the letter leaves is not in it, and an empty letter does not leave', async () => {
	const [one, two] = [
		await arrangeConversation(database.owner, { name: 'one', assignee: 'duda' }),
		await arrangeConversation(database.owner, { name: 'two', assignee: 'duda' })
	];
	for (const id of [one, two]) await notify(database.owner, ['duda'], 'mentioned', id);
	const id = await composeFor('duda');
	const read = (conversation: string) =>
		database.as('duda', (sql) => sql`select public.read_notifications(${padaria}, conversation_id => ${conversation})`);
	await read(one);
	expect((await claim(id))?.items.map(({ contact }) => contact)).toEqual(['two']);
	await read(two);
	expect(await claim(id)).toBeNull();
	expect(await database.owner`select from private.digest_mails where id = ${id}`).toHaveLength(0);
});

test('a conversation that its reader has lost sight of is not in the letter', async () => {
	const conversation = await arrangeConversation(database.owner, { name: 'lost', assignee: 'duda' });
	await notify(database.owner, ['duda'], 'mentioned', conversation);
	const id = await composeFor('duda');
	await database.owner`update public.conversations set assignee_id = ${uuid('ana')} where id = ${conversation}`;
	expect(await claim(id)).toBeNull();
});

test('whoever looks at the app gets no letter until a moment after they have left', async () => {
	const conversation = await arrangeConversation(database.owner, { name: 'here', assignee: 'caio' });
	await notify(database.owner, ['caio'], 'mentioned', conversation);
	expect(await composeFor('caio', 1)).toBeNull();
	const id = await composeFor('caio', 4);
	expect(id).not.toBeNull();
	await settle(id, 'sent');
});

test('letters come soon after, at the full hour, or daily by the clock of the person or the company, and a choice holds at once', async () => {
	await set('sofia', { digest: 'hourly' });
	expect(await lookAt('sofia')).toMatch(/:00$/);
	await set('sofia', { digest: 'daily', digest_at: '07:30' });
	expect(await lookAt('sofia')).toBe('07:30');
	await set('sofia', { timezone: 'America/Manaus' });
	expect(await lookAt('sofia', 'America/Manaus')).toBe('07:30');
	await set('sofia', { digest: 'never' });
	expect(await lookAt('sofia')).toBe('never');
});

test('a daily letter comes at its hour whether its reader looks or not', async () => {
	await set('sofia', { digest: 'daily', digest_at: '08:00', timezone: null });
	const conversation = await arrangeConversation(database.owner, { name: 'daily', assignee: 'sofia' });
	await notify(database.owner, ['sofia'], 'mentioned', conversation);
	const id = await composeFor('sofia', 0);
	expect(id).not.toBeNull();
	await settle(id, 'sent');
	expect(await lookAt('sofia')).toBe('08:00');
});

test('in quiet hours nothing is mailed until they end', async () => {
	const conversation = await arrangeConversation(database.owner, { name: 'quiet', assignee: 'caio' });
	await notify(database.owner, ['caio'], 'mentioned', conversation);
	await set('caio', { quiet_days: [0, 1, 2, 3, 4, 5, 6] });
	expect(await composeFor('caio')).toBeNull();
	expect(await lookAt('caio')).toBe('00:00');
	await set('caio', { quiet_days: [] });
	const id = await composeFor('caio');
	expect(id).not.toBeNull();
	await settle(id, 'sent');
});

test('what a person does not want mailed is in no letter', async () => {
	await database.as(
		'caio',
		(sql) => sql`select public.set_notification_preference(${padaria}, 'message', true, true, true, false)`
	);
	await arrangeConversation(database.owner, { name: 'unwanted', assignee: 'caio', unread: 3 });
	expect(await composeFor('caio')).toBeNull();
});

test('a letter shows a few words at most, and no name where the company shows none outside', async () => {
	const conversation = await arrangeConversation(database.owner, { name: 'Segredo', assignee: 'caio' });
	await database.owner`
		update public.conversations set preview = ${'palavra '.repeat(40)}, preview_direction = 'in' where id = ${conversation}`;
	await notify(database.owner, ['caio'], 'mentioned', conversation);
	const id = await composeFor('caio');
	expect((await claim(id))?.items[0]?.preview).toHaveLength(80);
	await database.owner`update public.tenants set push_shows = 'nothing' where id = ${padaria}`;
	expect((await claim(id))?.items[0]).toMatchObject({ contact: null, preview: null });
	await database.owner`update public.tenants set push_shows = 'name' where id = ${padaria}`;
	await settle(id, 'sent');
});

test('one letter a person waits at a time; what comes meanwhile is in the next', async () => {
	const [one, two] = [
		await arrangeConversation(database.owner, { name: 'first', assignee: 'caio' }),
		await arrangeConversation(database.owner, { name: 'second', assignee: 'caio' })
	];
	await notify(database.owner, ['caio'], 'mentioned', one);
	const id = await composeFor('caio');
	await notify(database.owner, ['caio'], 'mentioned', two);
	expect(await composeFor('caio')).toBe(id);
	await settle(id, 'sent');
	const next = await composeFor('caio');
	expect((await claim(next))?.items.map(({ contact }) => contact)).toEqual(['second']);
	await settle(next, 'sent');
});

test('ten looks at once bundle once', async () => {
	const conversation = await arrangeConversation(database.owner, { name: 'race', assignee: 'caio' });
	await notify(database.owner, ['caio'], 'mentioned', conversation);
	await isDue('caio');
	await Promise.all(Array.from({ length: 10 }, () => database.worker`select private.compose_digests()`));
	const rows = await database.owner<
		{ id: string }[]
	>`select id from private.digest_mails where user_id = ${uuid('caio')}`;
	expect(rows).toHaveLength(1);
	await settle(rows[0]?.id ?? null, 'sent');
});

test('a letter that does not leave for a day gives back what was in it, and says why', async () => {
	const conversation = await arrangeConversation(database.owner, { name: 'stuck', assignee: 'caio' });
	await notify(database.owner, ['caio'], 'mentioned', conversation);
	const id = await composeFor('caio');
	await settle(id, 'later', 'connection refused');
	const [job] = await database.owner<{ waits: boolean }[]>`
		select run_at > now() as waits from graphile_worker.jobs where key = ${`digest:${id}`}`;
	expect(job).toEqual({ waits: true });
	const [state] = await database.as('caio', (sql) => sql`select * from public.my_digest(${padaria})`);
	expect(state).toMatchObject({ email: 'caio@example.test', problem: 'connection refused', is_stopped: false });
	await database.owner`update private.digest_mails set created_at = now() - interval '25 hours' where id = ${id}`;
	await settle(id, 'later', 'connection refused');
	const again = await composeFor('caio');
	expect(again).not.toBe(id);
	expect((await claim(again))?.items.map(({ contact }) => contact)).toEqual(['stuck']);
	await settle(again, 'sent');
	const [after] = await database.as('caio', (sql) => sql`select * from public.my_digest(${padaria})`);
	expect(after).toMatchObject({ problem: null, sent_at: expect.anything() });
});

test('an address that is refused five times in a row is left alone until its owner sets something', async () => {
	const conversation = await arrangeConversation(database.owner, { name: 'refused', assignee: 'caio' });
	await notify(database.owner, ['caio'], 'mentioned', conversation);
	for (let n = 0; n < 5; n++) await settle(await composeFor('caio'), 'refused', '550 no such user');
	expect(await composeFor('caio')).toBeNull();
	const [state] = await database.as('caio', (sql) => sql`select * from public.my_digest(${padaria})`);
	expect(state).toMatchObject({ problem: '550 no such user', is_stopped: true });
	await set('caio', { digest: 'soon' });
	const id = await composeFor('caio');
	await database.owner`update public.notifications set created_at = now() - interval '5 minutes' where user_id = ${uuid('caio')}`;
	const later = id ?? (await composeFor('caio'));
	expect(later).not.toBeNull();
	await settle(later, 'sent');
});

test('whoever holds a letter’s token can stop the letters, and nobody else can', async () => {
	const [row] = await database.owner<{ unsubscribe_token: string }[]>`
		select unsubscribe_token from private.digests where user_id = ${uuid('duda')} and tenant_id = ${padaria}`;
	const stop = async (token: string) => {
		const [answer] = await database.door<{ known: boolean }[]>`select private.unsubscribe_digest(${token}) as known`;
		return answer?.known;
	};
	expect(await stop(uuid('anything'))).toBe(false);
	expect(await stop(row?.unsubscribe_token ?? '')).toBe(true);
	expect(await stop(row?.unsubscribe_token ?? '')).toBe(true);
	expect(await lookAt('duda')).toBe('never');
	const [settings] =
		await database.owner`select digest from public.notification_settings where user_id = ${uuid('duda')}`;
	expect(settings).toEqual({ digest: 'never' });
});
