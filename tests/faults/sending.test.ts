import { afterEach, expect, test } from 'vitest';
import { Simulator, type Customer } from '../journeys/simulator.ts';
import { Agent } from './agent.ts';
import { useStack } from './stack.ts';

const stack = useStack();
const simulator = () => new Simulator(stack.facts.whatsapp.graph_url);
const patience = { timeout: 30_000, interval: 20 };

afterEach(async () => {
	await simulator().faults({ answer_delay_ms: 0, paused: false });
});

interface Chat {
	customer: Customer;
	conversationId: string;
}

/** A customer who has written, and the conversation that made. */
async function newChat(agent: Agent): Promise<Chat> {
	const customer = await simulator().newCustomer('Rita');
	await simulator().write(customer, { text: 'Oi' });
	let conversationId: string | null = null;
	await expect
		.poll(async () => (conversationId = await agent.conversationWith(customer.name)), patience)
		.not.toBeNull();
	return { customer, conversationId: conversationId ?? '' };
}

const onPhone = async ({ customer }: Chat) =>
	(await simulator().chat(customer))
		.filter(({ direction }) => direction === 'out')
		.map(({ content }) => content['body']);

const sent = async ({ conversationId }: Chat) =>
	stack.sql<{ body: string; status: string; code: string | null; attempts: string[] }[]>`
		select m.body, m.status, m.error ->> 'code' as code,
			array(select coalesce(a.result::text, 'open') from public.message_attempts a where a.message_id = m.id order by a.started_at) as attempts
		from public.messages m where m.conversation_id = ${conversationId} and m.direction = 'out' order by m.seq`;

async function killWorker(): Promise<void> {
	const [pid] = stack.pids(/workers\/src\/main\.ts/);
	if (pid === undefined) throw new Error('there is no worker');
	process.kill(pid, 'SIGKILL');
}

test('a worker killed between its call and the answer sends nothing twice, and the rest goes on in order', async () => {
	const chat = await newChat(await Agent.signIn(stack.facts));
	const agent = await Agent.signIn(stack.facts);
	await simulator().faults({ answer_delay_ms: 4_000 });
	await agent.answer(chat.conversationId, 'um');
	await agent.answer(chat.conversationId, 'dois');
	await agent.answer(chat.conversationId, 'três');
	await expect.poll(() => onPhone(chat), patience).toEqual(['um']);
	expect(await sent(chat)).toMatchObject([{ attempts: ['open'] }, { attempts: [] }, { attempts: [] }]);
	await killWorker();
	await simulator().faults({ answer_delay_ms: 0 });

	await expect.poll(() => onPhone(chat), patience).toEqual(['um', 'dois', 'três']);
	await expect
		.poll(async () => (await sent(chat)).map(({ body, status }) => [body, status]), patience)
		.toEqual([
			['um', 'delivered'],
			['dois', 'delivered'],
			['três', 'delivered']
		]);
	expect((await sent(chat)).map(({ attempts }) => attempts)).toEqual([['accepted'], ['accepted'], ['accepted']]);
});

test('a send whose outcome nobody will ever know is shown to a person, not repeated, and a late status corrects it', async () => {
	const agent = await Agent.signIn(stack.facts);
	const chat = await newChat(agent);
	await simulator().faults({ answer_delay_ms: 4_000, paused: true });
	await agent.answer(chat.conversationId, 'talvez');
	await expect.poll(() => onPhone(chat), patience).toEqual(['talvez']);
	await killWorker();
	await simulator().faults({ answer_delay_ms: 0 });
	await agent.answer(chat.conversationId, 'depois');
	await expect.poll(() => onPhone(chat), patience).toEqual(['talvez', 'depois']);
	await expect
		.poll(() => sent(chat), patience)
		.toMatchObject([
			{ status: 'sending', attempts: ['unknown'] },
			{ status: 'sent', attempts: ['accepted'] }
		]);

	await stack.sql`
		update public.message_attempts a set started_at = started_at - interval '11 minutes', finished_at = finished_at - interval '11 minutes'
		from public.messages m where m.id = a.message_id and m.conversation_id = ${chat.conversationId}`;
	await stack.sql`select private.expire_unknown_sends()`;
	expect(await sent(chat)).toMatchObject([{ status: 'failed', code: 'outcome_unknown' }, { status: 'sent' }]);
	await simulator().faults({ paused: false });
	await expect
		.poll(async () => (await sent(chat)).map(({ status }) => status), patience)
		.toEqual(['delivered', 'delivered']);
	expect(await onPhone(chat)).toEqual(['talvez', 'depois']);
});

test('workers killed again and again under load: each message is on its phone once, or shown as unknown', async () => {
	const agent = await Agent.signIn(stack.facts);
	const chats = await Promise.all(Array.from({ length: 12 }, () => newChat(agent)));
	await simulator().faults({ answer_delay_ms: 150 });
	const texts = ['um', 'dois', 'três', 'quatro'];
	const answering = (async () => {
		for (const text of texts) await Promise.all(chats.map((chat) => agent.answer(chat.conversationId, text)));
	})();
	for (let i = 0; i < 3; i++) {
		const before = (await Promise.all(chats.map(onPhone))).flat().length;
		await expect
			.poll(async () => (await Promise.all(chats.map(onPhone))).flat().length, patience)
			.toBeGreaterThan(before);
		await expect.poll(() => stack.pids(/workers\/src\/main\.ts/).length, patience).toBe(1);
		await killWorker();
	}
	await answering;

	const settled = ({ status, attempts }: { status: string; attempts: string[] }) =>
		status === 'delivered' || (status === 'sending' && attempts.at(-1) === 'unknown');
	await expect.poll(async () => (await Promise.all(chats.map(sent))).flat().every(settled), patience).toBe(true);
	for (const chat of chats) {
		const shown = (await sent(chat)).filter(({ status }) => status === 'delivered').map(({ body }) => body);
		expect(await onPhone(chat)).toEqual(shown);
	}
}, 120_000);
