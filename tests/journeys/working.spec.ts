import { expect, test } from './journey.ts';

test('a colleague who is called in a note sees it as it is written, and the customer never does', async ({
	inboxOf,
	simulator,
	phoneOf,
	customer
}) => {
	await simulator.write(customer, { text: 'Tem bolo de fubá?' });
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	const [seen, thread] = [await sofia.enter(customer), await ana.enter(customer)];

	await ana.page.keyboard.press('n');
	const field = ana.page.getByRole('textbox', { name: /nota/i });
	await expect(field).toBeFocused();
	await field.pressSequentially('Vê isto, @sof');
	await ana.page.getByRole('option', { name: 'Sofia Martins' }).click();
	await field.pressSequentially('tem no estoque?');
	await field.press('Enter');

	const note = thread.message('tem no estoque?');
	await expect(note).toHaveAttribute('data-kind', 'note');
	await expect(seen.message('tem no estoque?').locator('mark')).toHaveText('@Sofia Martins');
	await expect(seen.message('tem no estoque?')).toContainText('Ana Ribeiro');
	await expect(seen.page.getByTestId('followers')).toContainText('Ana Ribeiro');

	await thread.pane.getByRole('tab', { name: 'Responder' }).click();
	await thread.answer('Tem sim!');
	const phone = await phoneOf(customer);
	await expect(phone.messages.getByText('Tem sim!')).toBeVisible();
	await expect(phone.messages.getByText('estoque')).toHaveCount(0);
});

test('what is snoozed until the customer answers leaves the queue, and is back with their answer', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Vou pensar e já digo' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await ana.page.keyboard.press('s');
	await ana.page.getByRole('option', { name: 'Até o cliente responder' }).click();
	await expect(ana.notice('adiada até o cliente responder')).toBeVisible();
	await expect(thread.page.getByTestId('state-strip')).toContainText('Adiada até o cliente responder');

	await simulator.write(customer, { text: 'Quero dois!' });
	await expect(thread.message('Quero dois!')).toBeVisible();
	await expect(thread.page.getByTestId('activity').last()).toContainText('O cliente respondeu');
	await expect(thread.page.getByText('Adiada até o cliente responder', { exact: true })).toHaveCount(0);
});

test('what is snoozed until a time wakes by itself when the time comes', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Me chama amanhã' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await ana.page.keyboard.press('s');
	await ana.page.getByRole('combobox', { name: 'Adiar' }).fill('amanhã 15h');
	await ana.page.keyboard.press('Enter');
	await expect(ana.notice('Conversa adiada até')).toBeVisible();

	// Tomorrow is brought nearer, for the row and for its job.
	const id = await thread.page.getByTestId('thread').getAttribute('data-conversation-id');
	await sql`update public.conversations set snoozed_until = now() + interval '1 second' where id = ${id}`;
	await sql`
		select graphile_worker.add_job(
			'conversation__wake', json_build_object('conversation_id', ${id}::text),
			job_key => 'wake:' || ${id}::text, run_at => now() + interval '1 second'
		)`;
	await expect(thread.page.getByTestId('activity').last()).toContainText('Fim do adiamento', { timeout: 30_000 });
});

test('priority and tags are set by keys alone, stand in the thread, and go back by undo', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'É urgente!' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const activities = thread.page.getByTestId('activity');

	await ana.page.keyboard.press('l');
	await expect(ana.page.getByRole('combobox', { name: 'Definir prioridade' })).toBeFocused();
	await ana.page.keyboard.press('4');
	await expect(ana.notice('Prioridade urgente.')).toBeVisible();
	await expect(activities.last()).toContainText('mudou a prioridade para urgente');

	await ana.page.keyboard.press('t');
	await ana.page.getByRole('combobox', { name: 'Etiquetas' }).fill('reclama');
	await ana.page.keyboard.press('Enter');
	await expect(thread.page.getByTestId('state-strip')).toContainText('Reclamação');
	await ana.page.keyboard.press('Escape');
	await expect(activities.last()).toContainText('adicionou “Reclamação”');

	await ana.notice('Etiqueta “Reclamação” adicionada.').getByRole('button', { name: 'Desfazer' }).click();
	await expect(activities.last()).toContainText('removeu “Reclamação”');
	await expect(thread.page.getByTestId('state-strip').getByText('Reclamação')).toHaveCount(0);
});
