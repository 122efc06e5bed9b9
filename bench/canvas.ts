import type { CDPSession, Page } from '@playwright/test';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { openScreen } from './browser.ts';
import { percentile, type Figure } from './figure.ts';

const NODES = 300;
const COLUMNS = 20;
const OPENINGS = 5;
const DRAGS = 3;
const MOVES = 150;

const place = (n: number) => ({ x: (n % COLUMNS) * 320, y: Math.floor(n / COLUMNS) * 240 });

/** A drawing as large as anybody draws: questions by buttons, each leading to two others. */
const drawn = {
	format: 1,
	variables: [],
	nodes: Array.from({ length: NODES }, (_, n) =>
		n === 0
			? { id: 'n0', type: 'start', position: place(0) }
			: {
					id: `n${n}`,
					type: 'buttons',
					position: place(n),
					text: `Pergunta ${n}: como podemos ajudar, {{contact.first_name}}?`,
					options: [
						{ id: 'a', label: 'Uma coisa' },
						{ id: 'b', label: 'Outra coisa' }
					]
				}
	),
	edges: Array.from({ length: NODES - 1 }, (_, n) =>
		n === 0
			? [{ from: 'n0', branch: 'next', to: 'n1' }]
			: [
					{ from: `n${n}`, branch: 'a', to: `n${n + 1}` },
					{ from: `n${n}`, branch: 'b', to: `n${Math.min(n + COLUMNS, NODES - 1)}` }
				]
	).flat()
};

/** What the same browser does with nothing of ours in it: as many boxes, one of which follows the pointer. */
const bare = `<!doctype html><meta charset="utf-8"><title>Bare</title><body style="margin:0">
	${drawn.nodes.map(({ id, position: { x, y } }) => `<div id="${id}" style="position:absolute;transform:translate(${x / 5}px,${y / 5}px);width:50px;height:30px;border:1px solid">${id}</div>`).join('')}
	<script>let on = null;
	addEventListener('pointerdown', (e) => (on = e.target.closest('div')));
	addEventListener('pointerup', () => (on = null));
	addEventListener('pointermove', (e) => on && (on.style.transform = 'translate(' + e.clientX + 'px,' + e.clientY + 'px)'));
	</script>`;

/** How a drawing of 300 blocks opens, and how one of them is dragged with all in view. */
export async function benchCanvas(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	const [flow] = await sql<{ id: string }[]>`
		insert into public.flows (tenant_id, name, draft)
		select id, ${`Desenho ${Date.now()}`}, ${JSON.stringify(drawn)}::text::jsonb from public.tenants where slug = 'padaria'
		returning id`;
	const screen = await openScreen(facts, bare);
	try {
		const openings: number[] = [];
		const work: number[] = [];
		for (let turn = 0; turn < OPENINGS; turn++) {
			const page = await screen.context.newPage();
			await page.goto('/padaria/flows');
			await page.getByTestId('flow').first().waitFor();
			await page.waitForTimeout(1_000);
			const busy = await busyIn(page);
			const before = await busy();
			openings.push(await opened(page, flow?.id ?? ''));
			work.push((await busy()) - before);
			await page.close();
		}
		const page = await screen.context.newPage();
		await page.goto(`/padaria/flows/${flow?.id ?? ''}`);
		await page
			.getByTestId('block')
			.nth(NODES - 1)
			.waitFor();
		await page.waitForTimeout(1_500);
		const ours = await dragged(page, '[data-testid=block]');
		const beside = await screen.context.newPage();
		await beside.goto(screen.bareUrl);
		const theirs = await dragged(beside, 'div');
		const limit = (share: number) => ({ name: 'as many bare boxes', value: percentile(theirs.gaps, share) });
		return [
			{
				name: `a drawing of ${NODES} blocks, from the click to its blocks: median`,
				value: percentile(openings, 0.5),
				unit: 'ms',
				target: 1_000
			},
			{
				name: `dragging one of ${NODES} blocks in view, between frames: p50`,
				value: percentile(ours.gaps, 0.5),
				unit: 'ms',
				target: 16.7,
				limit: limit(0.5)
			},
			{
				name: `dragging one of ${NODES} blocks in view, between frames: p95`,
				value: percentile(ours.gaps, 0.95),
				unit: 'ms',
				limit: limit(0.95)
			},
			{
				name: `a drawing of ${NODES} blocks opened: processor time of the page's main thread, median`,
				value: percentile(work, 0.5),
				unit: 'ms'
			},
			{
				name: `dragging one of ${NODES} blocks in view: processor time of the page's main thread, each move`,
				value: ours.work,
				unit: 'ms',
				target: 16.7,
				limit: { name: 'as many bare boxes', value: theirs.work }
			}
		];
	} finally {
		await screen.close();
		await sql`delete from public.flows where id = ${flow?.id ?? null}`;
		await sql.end();
	}
}

/** From the click in the list to the frame in which the first blocks stand there. */
const opened = (page: Page, id: string) =>
	page.evaluate(async (flow) => {
		const link = document.querySelector<HTMLAnchorElement>(`a[href$="${flow}"]`);
		if (!link) throw new Error('the drawing is not in the list');
		const shown = new Promise<number>((resolve, reject) => {
			const late = setTimeout(() => reject(new Error('no block was drawn')), 30_000);
			const watcher = new MutationObserver(() => {
				const [block] = document.querySelectorAll('[data-testid=block]');
				if (!block || block.getBoundingClientRect().width === 0 || getComputedStyle(block).visibility === 'hidden')
					return;
				watcher.disconnect();
				clearTimeout(late);
				requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
			});
			watcher.observe(document.body, { childList: true, subtree: true, attributes: true });
		});
		const from = performance.now();
		link.click();
		return (await shown) - from;
	}, id);

/** Reads the processor time that the page's main thread took so far, in ms: other processes don't lengthen it. */
async function busyIn(page: Page): Promise<() => Promise<number>> {
	const client: CDPSession = await page.context().newCDPSession(page);
	await client.send('Performance.enable', { timeDomain: 'threadTicks' });
	return async () => {
		const { metrics } = await client.send('Performance.getMetrics');
		return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
	};
}

/** Milliseconds between the frames while a block is dragged about, and the main thread's work for each move. */
async function dragged(page: Page, selector: string): Promise<{ gaps: number[]; work: number }> {
	const gaps: number[] = [];
	const busy = await busyIn(page);
	let work = 0;
	for (let turn = 0; turn < DRAGS; turn++) {
		const box = await page
			.locator(selector)
			.nth(150 + turn)
			.boundingBox();
		if (!box) throw new Error('there is nothing to drag');
		await page.mouse.move(box.x + 12, box.y + 4);
		await page.mouse.down();
		await page.mouse.move(box.x + 20, box.y + 10);
		// Sampled by one loop: a second would find no time between its frames and the first's.
		await page.evaluate((first) => {
			window.paints.gaps = [];
			if (first) window.paints.sample();
		}, turn === 0);
		const before = await busy();
		for (let move = 0; move < MOVES; move++)
			await page.mouse.move(box.x + 20 + 120 * Math.sin(move / 10), box.y + 10 + 80 * Math.cos(move / 10));
		work += (await busy()) - before;
		gaps.push(...(await page.evaluate(() => window.paints.gaps)));
		await page.mouse.up();
	}
	return { gaps, work: work / (DRAGS * MOVES) };
}
