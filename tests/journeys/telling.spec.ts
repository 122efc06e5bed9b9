import { expect, test } from './journey.ts';

test('who is given a conversation hears of it: on the screen, in the bell and in the title, until they look', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Quem cuida de mim?' });
	const [caio, ana] = [await inboxOf('caio'), await inboxOf('ana')];
	const bell = caio.page.getByTestId('bell').first();
	await expect(bell).toBeVisible();
	await expect
		.poll(() => caio.heard.some((frame) => /"realtime:user:[^"]*","phx_reply",.*"status":"ok"/.test(frame)))
		.toBe(true);
	const before = Number(/\d+/.exec((await bell.getAttribute('aria-label')) ?? '')?.[0] ?? 0);

	const thread = await ana.enter(customer);
	await thread.button('Atribuir a…').click();
	await ana.page.getByTestId('assign-person').filter({ hasText: 'Caio Duarte' }).click();

	const toast = caio.notice(customer.name);
	await expect(toast).toContainText('Ana Ribeiro atribuiu a você');
	await expect(bell).toHaveAccessibleName(`Avisos · não lidos: ${before + 1}`);
	await expect(caio.page).toHaveTitle(/^\(\d+\) Caixa de entrada/);

	await caio.page.keyboard.press('g');
	await caio.page.keyboard.press('n');
	const panel = caio.page.getByRole('dialog', { name: 'Avisos' });
	const first = panel.getByRole('link', { name: new RegExp(`^Novo: ${customer.name}`) });
	await expect(first).toBeFocused();
	await caio.page.keyboard.press('Enter');
	await expect(caio.thread(customer).log).toBeVisible();
	await expect(bell).toHaveAccessibleName(before === 0 ? 'Avisos' : `Avisos · não lidos: ${before}`);
});

test('what was written without a connection outlives a closed tab, and goes out once', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Fecha que horas?' });
	const phone = await phoneOf(customer);
	const ana = await inboxOf('ana');
	const context = ana.page.context();
	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(1);

	await context.setOffline(true);
	await thread.answer('Às 19h');
	await thread.answer('Aos domingos, às 13h');
	await expect(thread.message('Às 19h').getByRole('status')).toContainText('Sem conexão');
	await expect(ana.banner).toContainText('2');
	await ana.page.close();
	await context.setOffline(false);

	const again = await context.newPage();
	await again.goto('/padaria/inbox');
	await expect(phone.bubble('Às 19h')).toHaveCount(1);
	await expect(phone.bubble('Aos domingos, às 13h')).toHaveCount(1);
	await again.goto(`/padaria/inbox/${ana.conversationId}`);
	await expect(again.getByTestId('message')).toHaveText([/Fecha que horas/, /Às 19h/, /Aos domingos/]);
});

test('how one is told is one’s own, and kept', async ({ inboxOf }) => {
	const duda = await inboxOf('duda');
	await duda.page.goto('/padaria/settings/notifications');
	const box = duda.page.getByRole('checkbox', { name: 'Aviso de uma regra: Som' });
	await expect(duda.page.getByTestId('push-state')).not.toBeEmpty();
	await box.check();
	await duda.page.getByRole('radio', { name: 'Sino' }).check();
	await expect(async () => {
		await duda.page.reload();
		await expect(box).toBeChecked({ timeout: 2_000 });
		await expect(duda.page.getByRole('radio', { name: 'Sino' })).toBeChecked({ timeout: 2_000 });
	}).toPass();
	const sofia = await inboxOf('sofia');
	await sofia.page.goto('/padaria/settings/notifications');
	await expect(sofia.page.getByRole('checkbox', { name: 'Aviso de uma regra: Som' })).not.toBeChecked();
});

test('without a connection the app says so instead of the browser, and comes back by itself', async ({ inboxOf }) => {
	const ana = await inboxOf('ana');
	await ana.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
	await ana.page.reload();
	await ana.page.context().setOffline(true);
	await ana.page.goto('/padaria/settings/notifications');
	await expect(ana.page.getByRole('heading', { name: 'Você está sem conexão' })).toBeVisible();
	await ana.page.context().setOffline(false);
	await ana.page.getByRole('link', { name: 'Tentar de novo' }).click();
	await expect(ana.page.getByRole('heading', { name: 'Avisos', level: 2 })).toBeVisible();
});

test('what stays unread comes by mail, and one answer to it stops the mails', async ({
	inboxOf,
	browse,
	facts,
	sql
}) => {
	const duda = await inboxOf('duda');
	await duda.page.goto('/padaria/settings/notifications');
	await expect(duda.page.getByRole('heading', { name: 'Resumo por e-mail' })).toBeVisible();
	await duda.page.getByRole('radio', { name: 'Em seguida' }).check();
	const email = 'duda@padaria.test';
	const [row] = await sql<{ id: string }[]>`
		select c.id from public.conversations c
		where c.folder = 'open' and c.assignee_id is null and c.team_id is null
			and c.tenant_id = (select id from public.tenants where slug = 'padaria')
		order by c.last_message_at desc limit 1`;
	await duda.page.close();
	// She has been away for a while, and it happened a while ago.
	await sql`
		select private.notify(m.tenant_id, array[m.user_id], 'mentioned', ${row?.id ?? ''}, null, '{"cause": {"type": "rule"}}')
		from public.memberships m
		join auth.users u on u.id = m.user_id
		where u.email = ${email}`;
	await sql`
		update public.notifications set created_at = now() - interval '5 minutes'
		where read_at is null and user_id = (select id from auth.users where email = ${email})`;
	await expect
		.poll(
			async () => {
				await sql`
					update private.digests set look_at = now(), seen_at = now() - interval '10 minutes'
					where user_id = (select id from auth.users where email = ${email})`;
				await sql`select graphile_worker.add_job('digests__compose', '{}', job_key => 'journey')`;
				const mails = (await (await fetch(`${facts.mail_url}/api/messages?to=${email}`)).json()) as { text: string }[];
				return mails[0]?.text ?? '';
			},
			{ timeout: 30_000, intervals: [1_000] }
		)
		.toContain('Olá, Duda');
	const [mail] = (await (await fetch(`${facts.mail_url}/api/messages?to=${email}`)).json()) as { text: string }[];
	const stop = /http\S+unsubscribe\?token=\S+/.exec(mail?.text ?? '')?.[0] ?? '';
	const page = await (await browse()).newPage();
	await page.goto(stop);
	await page.getByRole('button', { name: 'Não receber mais' }).click();
	await expect(page.getByRole('heading', { name: 'Pronto' })).toBeVisible();
	const again = await inboxOf('duda');
	await again.page.goto('/padaria/settings/notifications');
	await expect(again.page.getByRole('radio', { name: 'Nunca' })).toBeChecked();
});

test('without a connection the inbox shows as it was last seen, with its age; whoever signs out leaves nothing of it', async ({
	inboxOf,
	simulator,
	customer,
	cookies
}) => {
	await simulator.write(customer, { text: 'Vocês abrem no domingo?' });
	const ana = await inboxOf('ana');
	const context = ana.page.context();
	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(1);
	await ana.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
	const kept = () =>
		ana.page.evaluate(async () => {
			const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
			return names.filter((name) => name.startsWith('prosa-seen:')).length;
		});
	await ana.page.reload();
	await expect(thread.message()).toHaveCount(1);
	await expect
		.poll(() =>
			ana.page.evaluate(async () => {
				const found = (await indexedDB.databases()).find(({ name }) => name?.startsWith('prosa-seen:'));
				if (!found?.name) return 0;
				const database = await new Promise<IDBDatabase>((resolve, reject) => {
					const request = indexedDB.open(found.name ?? '');
					request.onsuccess = () => resolve(request.result);
					request.onerror = () => reject(new Error('not opened'));
				});
				const count = await new Promise<number>((resolve) => {
					const request = database.transaction('threads').objectStore('threads').count();
					request.onsuccess = () => resolve(request.result);
				});
				database.close();
				return count;
			})
		)
		.toBeGreaterThan(0);

	await context.setOffline(true);
	await ana.page.reload();
	await expect(ana.page.getByRole('heading', { name: 'Você está sem conexão' })).toBeVisible();
	await expect(ana.page.getByRole('status')).toContainText('Nada aqui está atualizado');
	await expect(ana.page.getByRole('main')).toContainText('Vocês abrem no domingo?');
	await expect(ana.page.getByRole('navigation', { name: 'Conversas' })).toContainText(customer.name);
	await context.setOffline(false);
	await ana.page.reload();
	await expect(thread.message()).toHaveCount(1);

	expect(await kept()).toBe(1);
	await ana.page.evaluate(() => {
		const form = Object.assign(document.createElement('form'), { method: 'post', action: '/sign-out' });
		document.body.append(form);
		form.submit();
	});
	await ana.page.waitForURL(/sign-in/);
	cookies.delete('ana');
	await expect.poll(kept).toBe(0);
});

test('a push shows a notification, and following it opens the conversation', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Push' });
	const ana = await inboxOf('ana');
	const { page } = ana;
	const context = page.context();
	await ana.enter(customer);
	const id = ana.conversationId;
	await page.goto('/padaria/settings/notifications');
	await context.grantPermissions(['notifications']);
	const scope = await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.scope));
	const session = await context.newCDPSession(page);
	const registrationId = new Promise<string>((resolve) =>
		session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
			const found = registrations.find(({ scopeURL }) => scopeURL === scope);
			if (found) resolve(found.registrationId);
		})
	);
	await session.send('ServiceWorker.enable');
	const data = { title: customer.name, body: 'Nova mensagem', tag: 'test', url: `/padaria/inbox/${id}` };
	await session.send('ServiceWorker.deliverPushMessage', {
		origin: new URL(scope).origin,
		registrationId: await registrationId,
		data: JSON.stringify(data)
	});
	const shown = () =>
		page.evaluate(async () => {
			const registration = await navigator.serviceWorker.ready;
			return (await registration.getNotifications()).map(({ title, body }) => ({ title, body }));
		});
	await expect.poll(shown).toEqual([{ title: customer.name, body: 'Nova mensagem' }]);
	const [worker] = context.serviceWorkers();
	await worker?.evaluate(async () => {
		const scope = globalThis as unknown as {
			registration: ServiceWorkerRegistration;
			dispatchEvent(event: Event): boolean;
			NotificationEvent: new (type: string, init: { notification: Notification }) => Event;
		};
		const [notification] = await scope.registration.getNotifications();
		if (notification) scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
	});
	await page.waitForURL(`**/padaria/inbox/${id}`);
});
