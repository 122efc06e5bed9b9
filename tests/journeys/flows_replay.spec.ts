import { expect, test } from './journey.ts';
import { block, make, publish, saved, startBy } from './pages/drawing.ts';

// Each opens the editor, in two browsers or beside a phone.
test.slow();

test('a draft is tried on conversations that there were, and tells which would have gone another way', async ({
	inboxOf,
	phoneOf,
	customer,
	sql
}) => {
	const { page } = await inboxOf('sofia');
	const word = `replay${Date.now()}`;
	await make(page, `Replay ${word}`, 'Menu');
	await startBy(page, word);
	await saved(page);
	await publish(page);

	const phone = await phoneOf(customer);
	await phone.write(word);
	await expect(phone.bubble('Como podemos ajudar')).toBeVisible();
	await phone.write('Falar com alguém');
	await expect
		.poll(async () => {
			const [run] = await sql<{ outcome: string | null }[]>`
				select r.outcome from public.flow_runs r
				join public.flow_triggers t on t.id = r.trigger_id
				where t.settings -> 'words' ->> 0 = ${word}`;
			return run?.outcome;
		})
		.toBe('handed_over');

	await page.getByRole('button', { name: 'Testar com conversas reais' }).click();
	const panel = page.getByTestId('replay');
	await panel.getByRole('button', { name: 'Testar' }).click();
	await expect(panel).toHaveAttribute('data-status', 'done', { timeout: 30_000 });
	await expect(panel.getByTestId('replay-changed')).toContainText('Nada mudaria em 1 conversa');
	await expect(block(page, 'buttons').getByTestId('replayed')).toContainText('1 → 1');

	await block(page, 'buttons').click();
	await page.getByLabel('Opção 3', { exact: true }).fill('Outra coisa');
	await saved(page);
	await page.getByTestId('canvas').click({ position: { x: 300, y: 20 } });
	await expect(panel).toContainText('O desenho mudou');
	await panel.getByRole('button', { name: 'Testar de novo' }).click();
	await expect(panel.getByTestId('replay-changed')).toContainText('1 de 1', { timeout: 30_000 });
	await panel.getByTestId('replay-other').click();
	const ways = page.getByTestId('two-ways');
	await expect(ways).toContainText('Como foi');
	await expect(ways).toContainText('Passada a uma pessoa');
	await ways.getByRole('link', { name: 'Abrir a conversa' }).click();
	await expect(page.getByText(word).first()).toBeVisible();
});

test('a bot is archived and brought back, and thrown away with those it talks to told', async ({ inboxOf }) => {
	const { page } = await inboxOf('sofia');
	const name = `Guardar ${Date.now()}`;
	await make(page, name, 'Menu');
	await saved(page);
	await publish(page);
	await page.getByRole('link', { name: 'Voltar para os bots' }).click();
	const row = page.getByTestId('flow').filter({ hasText: name });
	const choose = async (what: string) => {
		await row.getByRole('button', { name: `Mais ações de ${name}` }).click();
		await page.getByRole('menuitem', { name: what }).click();
		await page.getByRole('dialog').getByRole('button', { name: what }).click();
	};
	await choose('Arquivar');
	await expect(page.getByText(`${name} foi arquivado.`)).toBeVisible();
	await expect(row).toBeHidden();
	await page.getByRole('button', { name: 'Desfazer' }).click();
	await expect(row).toContainText('Versão 1');
	await choose('Excluir');
	await expect(row).toHaveCount(0);
});

test('two people who draw the same bot see each other, and each sees what the other saved', async ({ inboxOf }) => {
	const { page } = await inboxOf('sofia');
	await make(page, `Juntas ${Date.now()}`, 'Menu');
	await saved(page);
	const { page: other } = await inboxOf('ana');
	await other.goto(page.url());
	await expect(page.getByTestId('drawer')).toHaveAccessibleName(/^Ana .* também está neste desenho$/);
	await expect(other.getByTestId('drawer')).toHaveAccessibleName(/^Sofia /);

	await block(other, 'buttons').click();
	await expect(block(page, 'buttons').getByTestId('chosen-by')).toContainText('Ana');
	await other.getByRole('combobox', { name: 'O que perguntar' }).fill('Pergunta da Ana');
	await saved(other);
	await expect(block(page, 'buttons')).toContainText('Pergunta da Ana', { timeout: 40_000 });
	await expect(page.getByRole('alert')).toHaveCount(0);

	await block(page, 'buttons').click();
	await page.getByRole('combobox', { name: 'O que perguntar' }).fill('Pergunta da Sofia');
	await saved(page);
	await expect(block(other, 'buttons')).toContainText('Pergunta da Sofia', { timeout: 40_000 });
	await other.close();
	await expect(page.getByTestId('drawer')).toHaveCount(0);
});
