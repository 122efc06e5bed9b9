import type { Page } from '@playwright/test';
import type { Sql } from 'postgres';
import type { StackFacts } from '../../stack/facts.ts';
import { expect, test } from './journey.ts';

/** The access token of the page's person. */
const tokenOf = (page: Page) =>
	page.evaluate(async () => ((await (await fetch('/session')).json()) as { access_token: string }).access_token);

/** Takes a conversation from a person's browser: whether it worked, and who has it where it was refused. */
async function takes(
	page: Page,
	{ api_url: url, anon_key: key }: StackFacts,
	token: string,
	id: string
): Promise<{ won: boolean; holder: string | null }> {
	return page.evaluate(
		async ({ url, key, token, conversation_id }) => {
			const response = await fetch(`${url}/rest/v1/rpc/take_conversation`, {
				method: 'POST',
				headers: { apikey: key, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
				body: JSON.stringify({ conversation_id })
			});
			const answer = (await response.json()) as { message?: string; details?: string };
			if (response.ok) return { won: true, holder: null };
			if (answer.message !== 'conversation_taken') throw new Error(JSON.stringify(answer));
			return { won: false, holder: (JSON.parse(answer.details ?? '{}') as { name: string }).name };
		},
		{ url, key, token, conversation_id: id }
	);
}

const userOf = async (sql: Sql, email: string) => {
	const [row] = await sql<{ id: string }[]>`select id from auth.users where email = ${email}`;
	return row?.id ?? '';
};

test('two agents race for one conversation a hundred times: each time one has it, and the other is told who', async ({
	inboxOf,
	simulator,
	customer,
	facts,
	sql
}) => {
	test.setTimeout(180_000);
	await simulator.write(customer, { text: 'Quem chega primeiro?' });
	const [caio, duda] = [await inboxOf('caio'), await inboxOf('duda')];
	await caio.enter(customer);
	const id = caio.conversationId;
	const people = { caio: await userOf(sql, 'caio@padaria.test'), duda: await userOf(sql, 'duda@padaria.test') };
	const tokens = { caio: await tokenOf(caio.page), duda: await tokenOf(duda.page) };
	const wins = { caio: 0, duda: 0 };
	for (let round = 0; round < 100; round++) {
		await sql`update public.conversations set assignee_id = null where id = ${id}`;
		const [his, hers] = await Promise.all([
			takes(caio.page, facts, tokens.caio, id),
			takes(duda.page, facts, tokens.duda, id)
		]);
		expect([his.won, hers.won].filter(Boolean)).toHaveLength(1);
		const winner = his.won ? 'caio' : 'duda';
		wins[winner]++;
		expect((his.won ? hers : his).holder).toBe(his.won ? 'Caio Duarte' : 'Duda Farias');
		const [row] = await sql`select assignee_id from public.conversations where id = ${id}`;
		expect(row?.assignee_id).toBe(people[winner]);
	}
	expect(wins.caio + wins.duda).toBe(100);
});

test('who presses m a moment too late reads who was faster, and may take it over', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Alguém me atende?' });
	const [caio, sofia] = [await inboxOf('caio'), await inboxOf('sofia')];
	await caio.enter(customer);
	await sofia.enter(customer);
	// Her press is on its way, from a screen on which nobody has it, while he takes it.
	const { promise: taken, resolve: release } = Promise.withResolvers<void>();
	const pressed = sofia.page.waitForRequest('**/rpc/take_conversation*');
	await sofia.page.route('**/rpc/take_conversation*', async (route) => {
		await taken;
		await route.continue();
	});
	await sofia.page.keyboard.press('m');
	await pressed;
	await caio.page.keyboard.press('m');
	await expect(caio.notice('A conversa é sua.')).toBeVisible();
	release();

	const refusal = sofia.notice('Caio Duarte já assumiu esta conversa.');
	await expect(refusal).toBeVisible();
	await refusal.getByRole('button', { name: 'Assumir mesmo assim' }).click();
	await expect(sofia.notice('A conversa é sua.')).toBeVisible();
	const [row] = await sql`select assignee_id from public.conversations where id = ${sofia.conversationId}`;
	expect(row?.assignee_id).toBe(await userOf(sql, 'sofia@padaria.test'));
});

test('a conversation is passed to another team by keys, with a note that its people read, and comes back by undo', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Quero um orçamento' });
	const [caio, duda] = [await inboxOf('caio'), await inboxOf('duda')];
	await duda.view('Todas');
	await caio.enter(customer);
	await caio.page.keyboard.press('m');
	await expect(caio.notice('A conversa é sua.')).toBeVisible();
	await expect(duda.row(customer)).toHaveCount(0);

	await caio.page.keyboard.press('Shift+T');
	const dialog = caio.page.getByRole('dialog', { name: 'Transferir a conversa' });
	await expect(dialog.getByTestId('assign-team').filter({ hasText: 'Vendas' })).toBeVisible();
	await dialog.getByRole('combobox').fill('vend');
	await caio.page.keyboard.press('Enter');
	await dialog.getByLabel('Nota para quem recebe').fill('Quer 40 pães para sábado.');
	await caio.page.keyboard.press('Control+Enter');
	await expect(caio.notice('Transferida para Vendas.')).toBeVisible();
	await expect(caio.row(customer)).toHaveCount(0);

	await expect(duda.row(customer)).toBeVisible();
	const thread = await duda.enter(customer);
	await expect(thread.log.getByText('Quer 40 pães para sábado.')).toBeVisible();

	await caio.notice('Transferida para Vendas.').getByRole('button', { name: 'Desfazer' }).click();
	await expect(caio.row(customer)).toBeVisible();
	await expect(duda.row(customer)).toHaveCount(0);
});

test('what waits in a team comes by itself to who closes one and has room again', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	const next = await simulator.newCustomer('Otávio');
	await simulator.write(customer, { text: 'Só uma pergunta' });
	const duda = await inboxOf('duda');
	const thread = await duda.enter(customer);
	await duda.page.keyboard.press('m');
	await expect(duda.notice('A conversa é sua.')).toBeVisible();

	const id = await userOf(sql, 'duda@padaria.test');
	const [team] = await sql<{ id: string; tenant_id: string }[]>`
		insert into public.teams (tenant_id, name, strategy, capacity)
		select m.tenant_id, ${`Rodízio ${next.name}`}, 'round_robin', (
			select count(*) from public.conversations c where c.tenant_id = m.tenant_id and c.assignee_id = m.user_id and c.folder = 'open'
		)
		from public.memberships m
		where m.user_id = ${id}
		returning id, tenant_id`;
	if (!team) throw new Error('the team was not made');
	try {
		await sql`
			insert into public.team_members (tenant_id, team_id, user_id)
			select m.tenant_id, ${team.id}, m.user_id from public.memberships m where m.user_id = ${id} and m.tenant_id = ${team.tenant_id}`;
		await sql`delete from public.agent_skills where user_id = ${id} and capacity is not null`;
		await simulator.write(next, { text: 'Estou na fila' });
		const sofia = await inboxOf('sofia');
		await sofia.enter(next);
		await sofia.page.keyboard.press('a');
		await sofia.page
			.getByTestId('assign-team')
			.filter({ hasText: `Rodízio ${next.name}` })
			.click();
		await expect(sofia.notice(`Transferida para Rodízio ${next.name}.`)).toBeVisible();
		await duda.view('Minhas');
		await expect(duda.row(next)).toHaveCount(0);

		await thread.button('Encerrar').click();
		await expect(duda.row(next)).toBeVisible();
		await expect(sofia.row(next)).toContainText('Com Duda Farias');
	} finally {
		await sql`update public.teams set strategy = 'manual', archived_at = now() where id = ${team.id}`;
	}
});

test('a supervisor sees who is there, and says so for them; the agent reads it in their own menu', async ({
	inboxOf,
	sql
}) => {
	const duda = await inboxOf('duda');
	await duda.account('Ocupado');
	await expect(duda.notice('Agora: Ocupado.')).toBeVisible();

	const sofia = await inboxOf('sofia');
	await sofia.page.goto('/padaria/settings/teams');
	await sofia.page.getByRole('link', { name: /Vendas/ }).click();
	await expect(sofia.page.getByRole('heading', { name: 'Vendas' })).toBeVisible();
	const line = sofia.page.getByTestId('team-member').filter({ hasText: 'Duda Farias' });
	await expect(line).toContainText('Ocupado');
	await line.getByRole('button', { name: 'Duda Farias, Ocupado' }).click();
	await sofia.page.getByRole('menuitem', { name: 'Disponível' }).click();
	await expect(line).toContainText('Disponível');
	await expect(
		duda.page.getByRole('button', { name: /^Sua conta.*Disponível$/ }).filter({ visible: true })
	).toBeVisible();
	const [last] = await sql<{ by: string; state: string }[]>`
		select m.display_name as by, p.state
		from public.availability_periods p
		join public.memberships m on m.tenant_id = p.tenant_id and m.user_id = p.by_id
		where p.user_id = ${await userOf(sql, 'duda@padaria.test')} and p.ended_at is null`;
	expect(last).toEqual({ by: 'Sofia Martins', state: 'online' });
});
