import { expect, test } from './journey.ts';

// Many messages each.
test.slow();

test('the mark of what is new stands where the agent left off, a key leads there, and an answer takes it away', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Bom dia' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const { page } = ana;
	const mark = thread.log.getByTestId('unread-divider');
	const pill = thread.pane.getByTestId('to-unread');
	await expect(thread.message('Bom dia')).toBeVisible();
	// It was new when the conversation was opened, and nothing before it was read.
	await thread.answer('Bom dia! O que vai ser?');
	await expect(mark).toHaveCount(0);

	// Another window is looked at, and a screenful comes.
	const look = (state: 'hidden' | 'visible') =>
		page.evaluate((now) => {
			Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => now });
			document.dispatchEvent(new Event('visibilitychange'));
		}, state);
	await look('hidden');
	for (let at = 1; at <= 32; at += 1)
		await simulator.write(customer, { text: `Item ${at} da lista de compras da festa` });
	await expect(thread.message('Item 32 da lista')).toBeVisible();
	await look('visible');

	await expect(mark).toHaveCount(1);
	await expect(mark).not.toBeInViewport();
	const next = await mark.evaluate((element) => element.nextElementSibling?.textContent ?? '');
	expect(next).toContain('Item 1 da lista');
	await expect(pill).toBeVisible();
	await thread.log.press('u');
	await expect(mark).toBeInViewport();
	await expect(thread.message('Item 1 da lista')).toBeInViewport();
	await expect(pill).toHaveCount(0);

	// It stays while one reads on, and goes when one answers.
	await thread.pane.getByTestId('to-end').click();
	await expect(thread.message('Item 32 da lista')).toBeInViewport();
	await expect(mark).toHaveCount(1);
	await thread.answer('Anotei tudo!');
	await expect(mark).toHaveCount(0);
});

test('who comes back to a conversation begins at what was said meanwhile', async ({ inboxOf, simulator, customer }) => {
	const other = await simulator.newCustomer('Bento');
	await simulator.write(other, { text: 'Oi' });
	await simulator.write(customer, { text: 'Pedido 1' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await expect(thread.message('Pedido 1')).toBeVisible();
	await expect(ana.row(customer).getByTestId('unread-count')).toHaveCount(0);
	await ana.enter(other);
	for (let at = 2; at <= 24; at += 1) await simulator.write(customer, { text: `Pedido ${at}, com bastante cobertura` });
	await expect(ana.row(customer)).toContainText('Pedido 24');
	await ana.enter(customer);
	const mark = thread.log.getByTestId('unread-divider');
	await expect(mark).toBeInViewport();
	await expect(thread.message('Pedido 2,')).toBeInViewport();
	await expect(thread.message('Pedido 24')).not.toBeInViewport();
});
