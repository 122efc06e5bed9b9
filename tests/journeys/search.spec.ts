import type { Locator } from '@playwright/test';
import { expect, test } from './journey.ts';
import type { Inbox } from './pages/inbox.ts';

const searchOf = (inbox: Inbox): Locator => inbox.page.getByTestId('search');

test('an agent finds a message from long ago without the mouse, and is taken to it in its thread', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Começo da conversa' });
	const ana = await inboxOf('ana');
	await ana.enter(customer);
	const id = ana.conversationId;
	// Half a year of talk, of which one message is looked for.
	await sql`
		insert into public.messages (tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, external_id, status, sent_at)
		select c.tenant_id, c.id, c.contact_id, c.channel_id, c.last_seq + n, 'in', 'contact', 'text', jsonb_build_object('kind', 'text', 'text', t.body), t.body,
			'wamid.search.' || c.id || n, 'received', now() - interval '200 days' + n * interval '12 hours'
		from public.conversations c
		cross join generate_series(1, 400) n
		cross join lateral (select case n when 90 then ${`${customer.name}: a receita leva coração de alcachofra`} else 'Linha número ' || n end) t (body)
		where c.id = ${id}`;
	await sql`update public.conversations set last_seq = last_seq + 400 where id = ${id}`;
	await ana.open();

	const { keyboard } = ana.page;
	const search = searchOf(ana);
	await keyboard.press('/');
	const field = search.getByRole('combobox');
	await expect(field).toBeFocused();
	await keyboard.type('coracao alcach');
	const hit = search.getByTestId('found-message').filter({ hasText: `${customer.name}: a receita` });
	await expect(hit.locator('mark')).toHaveText(['coração', 'alcachofra']);
	await keyboard.press('Enter');
	const thread = ana.thread(customer);
	await expect(thread.message('coração de alcachofra')).toBeInViewport();
	await expect(thread.message('Linha número 91')).toBeVisible();
	await expect(thread.message('Linha número 400')).toHaveCount(0);

	// Down to the newest by pages, and up again to the beginning.
	await expect(async () => {
		await thread.log.hover();
		await ana.page.mouse.wheel(0, 4_000);
		await expect(thread.message('Linha número 400')).toBeInViewport({ timeout: 500 });
	}).toPass({ timeout: 40_000 });

	// The results are where they were.
	await keyboard.press('/');
	await expect(field).toBeFocused();
	await expect(field).toHaveValue('coracao alcach');
	await expect(hit).toBeVisible();
	await keyboard.press('Escape');
	await expect(search).toBeHidden();
	await keyboard.press('/');
	await expect(search.getByText('Buscas recentes')).toBeVisible();
	await expect(search.getByRole('option', { name: 'coracao alcach' })).toBeVisible();
});

test('people are found by a part of their number, and by name in the palette', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Oi, tudo bem?' });
	const ana = await inboxOf('ana');
	const { keyboard } = ana.page;
	const search = searchOf(ana);
	await keyboard.press('/');
	await expect(search.getByRole('combobox')).toBeFocused();
	await keyboard.type(customer.name);
	await expect(search.getByTestId('found-person').filter({ hasText: customer.name }).first()).toBeVisible();
	await search.getByRole('button', { name: 'Limpar busca' }).click();
	await keyboard.type('zzzzqqqq');
	await expect(search.getByText('Nada encontrado')).toBeVisible();
	await keyboard.press('Escape');

	await keyboard.press('Control+k');
	const palette = ana.page.getByRole('dialog', { name: 'Buscar e agir' });
	await expect(palette.getByRole('combobox')).toBeFocused();
	await keyboard.type(customer.name);
	await expect(palette.getByRole('option').filter({ hasText: customer.name }).first()).toBeVisible();
	await keyboard.press('Enter');
	await expect(palette).toBeHidden();
	await expect(ana.thread(customer).message('Oi, tudo bem?')).toBeVisible();
});

test('within a conversation one looks for words and goes from hit to hit, and to a day', async ({
	inboxOf,
	simulator,
	customer
}) => {
	for (const text of ['Quero um bolo', 'De cenoura', 'Esse BOLO serve dez?', 'Obrigada']) {
		await simulator.write(customer, { text });
	}
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await expect(thread.message('Obrigada')).toBeVisible();
	await ana.page.keyboard.press('Control+f');
	const find = ana.page.getByTestId('find');
	await expect(find.getByRole('textbox', { name: 'Buscar nesta conversa' })).toBeFocused();
	await ana.page.keyboard.type('bolos');
	await expect(find.getByTestId('find-place')).toHaveText('1 de 2');
	await ana.page.keyboard.press('Enter');
	await expect(find.getByTestId('find-place')).toHaveText('2 de 2');
	const today = await ana.page.evaluate(() =>
		new Intl.DateTimeFormat('en-CA', { dateStyle: 'short' }).format(new Date())
	);
	await find.getByLabel('Ir para uma data').fill(today);
	await expect(thread.message('Quero um bolo')).toBeInViewport();
	await ana.page.keyboard.press('Escape');
	await expect(find).toBeHidden();
});

test('on a phone the search is the whole screen, a result opens over it and back leads to it', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Procuro azulejo português' });
	const ana = await inboxOf('ana', { viewport: { width: 390, height: 844 }, hasTouch: true });
	await ana.list.getByRole('button', { name: 'Buscar' }).click();
	const search = searchOf(ana);
	await search.getByRole('combobox').fill('azulejos');
	await search.getByTestId('found-message').first().click();
	await expect(ana.thread(customer).message('Procuro azulejo')).toBeInViewport();
	await ana.page.goBack();
	await expect(search.getByTestId('found-message').first()).toBeVisible();
	await expect(search.getByRole('combobox')).toHaveValue('azulejos');
});
