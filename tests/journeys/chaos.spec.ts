import { createClient } from '@supabase/supabase-js';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@prosa/core/database.types.ts';
import { CutLine } from './cut_line.ts';
import { emailOf, expect, passwordOf, test, type Person } from './journey.ts';
import type { Inbox } from './pages/inbox.ts';
import type { Thread } from './pages/thread.ts';
import type { Customer } from './simulator.ts';

/** How long connections are cut; minutes when one looks for what is rare. */
const seconds = Number(process.env.CHAOS_SECONDS ?? '45');
/** Rows of the list that are compared: the busy ones, and some more that stand still. */
const compared = 15;

interface Screen {
	person: Person;
	inbox: Inbox;
	thread: Thread;
	line: CutLine;
}

const any = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)] as Item;
const below = (most: number) => Math.random() * most;

/** All rows that are compared are on the screen at once. */
const viewport = { width: 1440, height: 2_400 };

test('under traffic, with connections cut at random, each browser ends with what the database holds', async ({
	inboxOf,
	simulator,
	sql,
	facts
}) => {
	test.setTimeout(seconds * 1_000 + 120_000);
	const watchers: Person[] = ['sofia', 'ana', 'caio'];
	const customers: Customer[] = [];
	for (let n = 0; n < 12; n++) customers.push(await simulator.newCustomer(`Caos${n}`));
	for (const customer of customers) await simulator.write(customer, { text: 'Oi!' });
	const conversationOf = async ({ name }: Customer) => {
		const [row] = await sql<{ id: string }[]>`
			select c.id from public.conversations c join public.contacts p on p.id = c.contact_id
			where p.name = ${name} order by c.created_at desc limit 1`;
		return row?.id ?? '';
	};
	await expect.poll(async () => conversationOf(customers[11] as Customer)).not.toBe('');

	const people = new Map<Person, string>();
	for (const person of watchers) {
		const [row] = await sql<{ id: string }[]>`select id from auth.users where email = ${emailOf(person)}`;
		people.set(person, row?.id ?? '');
	}
	const client = createClient<Database>(facts.api_url, facts.anon_key, { auth: { persistSession: false } });
	await client.auth.signInWithPassword({ email: emailOf('sofia'), password: passwordOf(facts, 'sofia') });
	const caiosOwn = await conversationOf(customers[2] as Customer);
	await client
		.rpc('assign_conversation', { conversation_id: caiosOwn, assignee_id: people.get('caio') ?? '' })
		.throwOnError();

	// Each watches the thread of one customer, and answers in it; the other conversations are passed around.
	const screens: Screen[] = [];
	for (const [index, person] of watchers.entries()) {
		const inbox = await inboxOf(person, { viewport });
		const line = await CutLine.between(inbox.page);
		await inbox.open(await conversationOf(customers[index] as Customer));
		const thread = inbox.thread(customers[index] as Customer);
		await expect(thread.message('Oi!')).toBeVisible();
		screens.push({ person, inbox, thread, line });
	}

	const end = Date.now() + seconds * 1_000;
	const going = () => Date.now() < end;
	const said: string[] = [];
	const run = randomUUID().slice(0, 4);
	const traffic = async () => {
		for (let n = 0; going(); n++) {
			await simulator.write(any(customers), { text: `Mensagem ${n}` });
			await sleep(below(200));
		}
	};
	const colleagues = async () => {
		while (going()) {
			const id = await conversationOf(any(customers.slice(3)));
			const change = any([
				() => client.rpc('assign_conversation', { conversation_id: id, assignee_id: any([...people.values()]) }),
				() => client.rpc('close_conversation', { conversation_id: id }),
				() => client.rpc('set_priority', { conversation_id: id, priority: Math.floor(below(5)) }),
				() => client.rpc('snooze_conversation', { conversation_id: id, until: 'infinity' }),
				() => client.rpc('mark_spam', { conversation_id: id, spam: false })
			]);
			// What was closed meanwhile refuses some of it: only what is on the screens at the end counts.
			await change();
			await sleep(below(400));
		}
	};
	const answers = async ({ person, thread }: Screen) => {
		for (let n = 0; going(); n++) {
			const text = `Resposta ${n} de ${person} (${run})`;
			await thread.answer(text);
			await expect(thread.message(text)).toHaveCount(1);
			said.push(text);
			await sleep(1_000 + below(4_000));
		}
	};
	await Promise.all([
		traffic(),
		colleagues(),
		...screens.map(answers),
		...screens.map(({ line }) => line.cutUntil(end))
	]);

	const cuts = screens.reduce((sum, { line }) => sum + line.cuts, 0);
	expect(cuts, 'lines were cut').toBeGreaterThan(seconds / 4);
	test.info().annotations.push({ type: 'chaos', description: `${cuts} cuts, ${said.length} answers in ${seconds} s` });

	for (const { person, inbox, thread } of screens) {
		await expect(inbox.banner, `${person} is back`).toBeHidden({ timeout: 30_000 });
		const shown = async () => {
			const rows = await inbox.list.getByTestId('conversation-row').evaluateAll((links) =>
				links.map((link) => ({
					id: link.getAttribute('data-conversation-id'),
					text: (link.textContent ?? '').replaceAll(/\s+/g, ' ')
				}))
			);
			return rows.slice(0, compared);
		};
		const held = () =>
			sql.begin(async (as) => {
				const claims = JSON.stringify({ sub: people.get(person), role: 'authenticated' });
				await as`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
				return as<{ id: string; preview: string; unread: number; assignee: string | null }[]>`
					select c.id, case c.preview_direction when 'out' then 'Você: ' else '' end || c.preview as preview,
						c.unread_count as unread, m.display_name as assignee
					from public.conversations c
					left join public.memberships m on m.tenant_id = c.tenant_id and m.user_id = c.assignee_id
					where c.tenant_id = (select id from public.tenants where slug = 'padaria') and c.folder = 'open'
					order by c.last_message_at desc, c.id desc limit ${compared}`;
			});
		await expect(async () => {
			const [rows, truth] = [await shown(), await held()];
			expect(
				rows.map(({ id }) => id),
				`the list of ${person}`
			).toEqual(truth.map(({ id }) => id));
			for (const [index, { preview, unread, assignee }] of truth.entries()) {
				const text = rows[index]?.text ?? '';
				expect(text).toContain(preview);
				if (unread > 0) expect(text).toMatch(new RegExp(`\\b${unread} não lida`));
				else expect(text).not.toContain('não lida');
				if (assignee) expect(text).toContain(`Com ${assignee}`);
			}
		}).toPass({ timeout: 30_000 });

		const open = inbox.conversationId;
		await expect(async () => {
			const bodies = await sql<{ body: string }[]>`
				select body from public.messages where conversation_id = ${open} and kind = 'text' order by seq desc limit 30`;
			const texts = await thread
				.message()
				.evaluateAll((bubbles) => bubbles.slice(-30).map((bubble) => bubble.textContent ?? ''));
			for (const [index, { body }] of bodies.toReversed().entries()) expect(texts[index]).toContain(body);
		}, `the thread of ${person}`).toPass({ timeout: 30_000 });
	}

	const doubled = await sql`
		select body from public.messages where body = any(${said}) group by body having count(*) <> 1`;
	expect(doubled, 'each answer was sent once').toEqual([]);
	const kept = await sql`select distinct body from public.messages where body = any(${said})`;
	expect(kept).toHaveLength(said.length);
});
