import { randomUUID } from 'node:crypto';
import { expect, test } from './journey.ts';

test('an agent knows a person without leaving the conversation: changes what is known, sees what they allow, cost and have said anywhere, and goes on elsewhere', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Do you have cheese bread?' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const { page } = ana;
	const details = page.getByTestId('details').filter({ visible: true });
	const conversation = ana.conversationId;
	const change = (label: string) => details.getByRole('button', { name: new RegExp(`^${label}: `) });

	await test.step('what is known is changed where it stands; what does not fit stays open with why', async () => {
		await change('E-mail').click();
		const email = details.getByRole('textbox', { name: 'E-mail' });
		await email.fill('rita@');
		await email.press('Enter');
		await expect(details.getByRole('alert')).toContainText('Este e-mail não está completo');
		await expect(email).toHaveValue('rita@');
		await email.press('Escape');
		await expect(change('E-mail')).toHaveText(/—$/);
		await change('E-mail').click();
		await email.fill('rita@exemplo.com.br');
		await email.press('Enter');
		await expect(change('E-mail')).toHaveText(/rita@exemplo\.com\.br$/);

		await change('Restrição alimentar').click();
		await details.getByRole('combobox', { name: 'Restrição alimentar' }).selectOption('Vegano');
		await expect(change('Restrição alimentar')).toHaveText(/Vegano$/);

		await change('Nº da encomenda').click();
		const order = details.getByRole('textbox', { name: 'Nº da encomenda' });
		await order.fill('doze');
		await order.press('Enter');
		await expect(details.getByRole('alert')).toContainText('não combina com o tipo');
		await order.fill('4711');
		await order.press('Enter');
		await expect(change('Nº da encomenda')).toHaveText(/4\.711$/);
	});

	await test.step('a new name is everywhere at once, also for a colleague', async () => {
		const sofia = await inboxOf('sofia');
		const name = `Rita Souza ${customer.wa_id.slice(-4)}`;
		await change('Nome').click();
		await details.getByRole('textbox', { name: 'Nome' }).fill(name);
		await details.getByRole('textbox', { name: 'Nome' }).press('Enter');
		await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
		await expect(sofia.list.getByRole('link', { name: new RegExp(`^${name}`) })).toBeVisible();
	});

	await test.step('a tag hangs on the person', async () => {
		await details.getByTestId('contact-tags').click();
		await page.getByRole('combobox', { name: 'Etiquetas' }).fill('VIP');
		await page.getByTestId('picker-item').filter({ hasText: 'Cliente VIP' }).click();
		await page.keyboard.press('Escape');
		await expect(details.getByTestId('details-contact').getByTestId('tag')).toHaveText('Cliente VIP');
	});

	await test.step('what they allow is written down, and what was said before stays', async () => {
		await change('Ofertas e novidades').click();
		const dialog = page.getByRole('dialog', { name: 'Registrar consentimento' });
		await dialog.getByRole('radio', { name: 'Permitiu' }).check();
		await dialog.getByRole('textbox', { name: 'Como foi dito' }).fill('Pediu no balcão');
		await dialog.getByRole('button', { name: 'Registrar' }).click();
		await expect(change('Ofertas e novidades')).toHaveText(/Permitiu$/);
		await change('Ofertas e novidades').click();
		await dialog.getByRole('radio', { name: 'Retirou' }).check();
		await dialog.getByRole('button', { name: 'Registrar' }).click();
		await expect(change('Ofertas e novidades')).toHaveText(/Retirou$/);
		await details.getByText('Histórico (2)').click();
		await expect(details.getByTestId('consent-history')).toContainText('Pediu no balcão');
	});

	await test.step('a message is the proof of what they allow', async () => {
		const said = page
			.getByRole('log', { name: 'Mensagens' })
			.getByTestId('message')
			.filter({ hasText: 'cheese bread' });
		await said.hover();
		await said.getByRole('button', { name: 'Ações da mensagem' }).click();
		await page.getByRole('menuitem', { name: 'Registrar consentimento' }).click();
		const dialog = page.getByRole('dialog', { name: 'Registrar consentimento' });
		await expect(dialog.getByTestId('consent-proof')).toContainText('Do you have cheese bread?');
		await dialog.getByRole('combobox', { name: 'Para quê' }).selectOption({ label: 'Pesquisas de satisfação' });
		await dialog.getByRole('radio', { name: 'Permitiu' }).check();
		await dialog.getByRole('button', { name: 'Registrar' }).click();
		await expect(dialog).toHaveCount(0);
		await expect(change('Pesquisas de satisfação')).toHaveText(/Permitiu$/);
		await expect(details.getByRole('button', { name: 'Ver a mensagem' })).toHaveCount(1);
	});

	await test.step('what a worker translates and sums up shows as it is written', async () => {
		const [row] = await sql<{ tenant_id: string; id: string }[]>`
			select tenant_id, id from public.messages where conversation_id = ${conversation} and kind = 'text' limit 1`;
		await expect(page.getByTestId('translation')).toHaveCount(0);
		await sql`select private.keep_translation(${row?.tenant_id ?? ''}, ${row?.id ?? ''}, 'pt', 'en', 'Vocês têm pão de queijo?', 'teste')`;
		await expect(thread.log.getByTestId('translation').or(page.getByTestId('translation'))).toContainText(
			'Vocês têm pão de queijo?'
		);
		await sql`
			select private.keep_summary(${row?.tenant_id ?? ''}, ${conversation}, 'pt', 'Quer pão de queijo.', '[{"label": "Quer", "value": "pão"}]', 1, 'teste')`;
		await expect(details.getByTestId('summary')).toContainText('Quer pão de queijo.');
		await page.reload();
		await expect(details.getByTestId('summary')).toContainText('Quer pão de queijo.');
		await expect(page.getByTestId('translation')).toContainText('Vocês têm pão de queijo?');
	});

	await test.step('who sees costs sees the person’s; who does not, does not', async () => {
		await expect(details.getByTestId('person-cost')).toBeVisible();
		const caio = await inboxOf('caio');
		await caio.open(conversation);
		await expect(caio.page.getByTestId('details-consent')).toBeVisible();
		await expect(caio.page.getByTestId('details-cost')).toHaveCount(0);
	});

	await test.step('the conversation goes on from another number, and the story of both leads back to what was said', async () => {
		const phone = String(Math.floor(Math.random() * 1e12)).padStart(12, '1');
		const channel = randomUUID();
		await sql`
			insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
			select ${channel}, tenant_id, 'whatsapp', ${`Encomendas ${phone.slice(-4)}`}, ${phone}, ${phone}, '551130030009'
			from public.conversations where id = ${conversation}`;
		await page.keyboard.press('Shift+C');
		await page
			.getByTestId('other-channels')
			.getByRole('button', { name: new RegExp(`Encomendas ${phone.slice(-4)}`) })
			.click();
		await expect(page).not.toHaveURL(new RegExp(conversation));
		await expect(details).toContainText(`Encomendas ${phone.slice(-4)}`);
		await page.getByTestId('story-open').click();
		const story = page.getByTestId('story');
		await expect(story).toContainText('Pediu no balcão');
		await story.getByTestId('story-line').filter({ hasText: 'cheese bread' }).click();
		await expect(page).toHaveURL(new RegExp(conversation));
		await expect(page.getByTestId('message').filter({ hasText: 'cheese bread' })).toBeInViewport();
		await sql`update public.channels set status = 'disconnected' where id = ${channel}`;
	});
});
