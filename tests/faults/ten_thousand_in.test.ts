import { expect, test } from 'vitest';
import { newWamid, phone } from '../../bench/webhooks.ts';
import type { StackFacts } from '../../stack/facts.ts';
import { useStack } from './stack.ts';
import { deliver, type Delivery } from './webhooks.ts';

const stack = useStack();

const COUNT = 10_000;
const PEOPLE = 200;
/** Meta puts many messages in one body when there are many. */
const IN_A_BODY = 20;
const BEGAN = Math.floor(Date.now() / 1000) - COUNT;

interface Said {
	wamid: string;
	from: string;
	text: string;
	second: number;
}

const said: Said[] = Array.from({ length: COUNT }, (_, index) => ({
	wamid: newWamid(),
	from: phone(index * 7919, PEOPLE),
	text: `mensagem ${index}`,
	second: BEGAN + index
}));

/** Bodies with these messages; `taken` when Meta has its 200. */
function bodies(facts: StackFacts, messages: Said[]): Delivery[] {
	return Array.from({ length: Math.ceil(messages.length / IN_A_BODY) }, (_, at) => {
		const part = messages.slice(at * IN_A_BODY, (at + 1) * IN_A_BODY);
		const value = {
			messaging_product: 'whatsapp',
			metadata: { display_phone_number: '551130030001', phone_number_id: facts.whatsapp.phone_number_id },
			contacts: part.map(({ from }) => ({ profile: { name: `Cliente ${from.slice(-4)}` }, wa_id: from })),
			messages: part.map(({ wamid, from, text, second }) => ({
				id: wamid,
				from,
				timestamp: String(second),
				type: 'text',
				text: { body: text }
			}))
		};
		const body = { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
		return { wamid: part[0]?.wamid ?? '', body: JSON.stringify(body), taken: false };
	});
}

/** The same order in every run. */
function shuffled<T>(items: T[], seed: number): T[] {
	let state = seed;
	const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
	return items
		.map((item) => ({ item, at: next() }))
		.sort((one, other) => one.at - other.at)
		.map(({ item }) => item);
}

const underWay = (all: Delivery[], share: number) =>
	expect
		.poll(() => all.filter(({ taken }) => taken).length / all.length, { timeout: 60_000, interval: 5 })
		.toBeGreaterThan(share);

function kill(command: RegExp): void {
	const [pid] = stack.pids(command);
	if (pid === undefined) throw new Error(`no process says ${command}`);
	process.kill(pid, 'SIGKILL');
}

test('of 10,000 messages, repeated and shuffled, with door, database and gateway killed meanwhile, none is lost, doubled or out of its order', async () => {
	// Every message once, in any order, and every fifth again in a body with others.
	const first = bodies(stack.facts, shuffled(said, 11));
	const again = bodies(stack.facts, shuffled(said, 12).slice(0, COUNT / 5));
	const all = shuffled([...first, ...again], 13);

	const halt = new AbortController();
	const burst = deliver(stack.facts, all, halt.signal);
	await underWay(all, 0.15);
	kill(/deno/);
	await underWay(all, 0.35);
	// A backend that dies outright makes Postgres end every other and recover from its log.
	const [backend] = await stack.sql<{ pid: number }[]>`
		select pid from pg_stat_activity where usename = 'prosa_door' limit 1`;
	process.kill(backend?.pid ?? 0, 'SIGKILL');
	await underWay(all, 0.6);
	stack.parent.process.kill('SIGKILL');
	await stack.parent.ended;
	halt.abort();
	await burst;
	await expect.poll(() => stack.processes(), { timeout: 15_000 }).toEqual([]);
	await stack.start();
	await deliver(stack.facts, all);

	const rows = await stack.sql<{ external_id: string; body: string; phone: string; at: number; thread: string }[]>`
		select m.external_id, m.body, c.phone, extract(epoch from m.sent_at)::int as at, m.conversation_id as thread
		from public.messages m
		join public.contacts c on c.id = m.contact_id
		where m.external_id = any(${said.map(({ wamid }) => wamid)})
		order by m.conversation_id, m.sent_at`;
	expect(rows.length, 'none lost, none doubled').toBe(COUNT);
	const told = new Map(said.map((message) => [message.wamid, message]));
	const wrong = rows.filter((row) => {
		const message = told.get(row.external_id);
		return message?.text !== row.body || message.from !== row.phone || message.second !== row.at;
	});
	expect(wrong, 'each with its own words, sender and moment').toEqual([]);
	expect(new Set(rows.map(({ thread }) => thread)).size, 'one thread a person').toBe(PEOPLE);

	const broken = await stack.sql`
		select c.id
		from public.conversations c
		join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
		group by c.id
		having count(*) <> c.last_seq or count(distinct m.seq) <> count(*) or max(m.seq) <> c.last_seq`;
	expect(broken, 'no gap and no place taken twice').toEqual([]);

	// By the provider's clock the newest word is what a list shows, whatever came last.
	const newest = new Map(said.map(({ from, text }) => [from, text]));
	const threads = await stack.sql<{ phone: string; preview: string }[]>`
		select p.phone, c.preview
		from public.conversations c
		join public.contacts p on p.id = c.contact_id
		where p.phone = any(${[...newest.keys()]})`;
	expect(threads.filter(({ phone, preview }) => newest.get(phone) !== preview)).toEqual([]);
}, 180_000);
