import type { Page } from '@playwright/test';
import type { StackFacts } from '../stack/facts.ts';
import { openInbox, openScreen, slowed, type Screen } from './browser.ts';
import { percentile, type Figure } from './figure.ts';
import { OPEN, writeAll } from './screen_people.ts';

const LOADS = 7;
const ROUNDS = 5;
const WHEEL = 1_000;
const views = ['Minhas', 'Não atribuídas', 'Adiadas', 'Spam', 'Encerradas'];

const rowsOf = (count: number) =>
	Array.from({ length: count }, (_, n) => `<div style="height:64px">Pessoa ${n}<br>Bom dia!</div>`).join('');
/** What the same browser does with nothing of ours in it: so many rows of two lines. */
const bare = `<!doctype html><meta charset="utf-8"><title>Bare</title>
	<body style="margin:0"><div id="list" style="height:100vh;width:340px;overflow-y:auto">${rowsOf(OPEN)}</div>`;
const bareFirst = '<!doctype html><meta charset="utf-8"><title>Bare</title><h1>Pessoa</h1>';

/** What one sees of the inbox with 10,000 open conversations: first paint, moving, scrolling, going from view to view. */
export async function benchScreen(facts: StackFacts): Promise<Figure[]> {
	await writeAll(facts);
	const first = await openScreen(facts, bareFirst);
	const figures: Figure[] = [];
	try {
		figures.push(...(await firstPaint(first)));
		figures.push(...(await switching(first)));
	} finally {
		await first.close();
	}
	const list = await openScreen(facts, bare);
	try {
		figures.push(...(await scrolling(list)));
	} finally {
		await list.close();
	}
	return figures;
}

async function firstPaint({ context, bareUrl }: Screen): Promise<Figure[]> {
	const ours: number[] = [];
	const theirs: number[] = [];
	let shift = 0;
	for (let load = 0; load < LOADS; load++) {
		const page = await openInbox(context, async (fresh) => void (await slowed(fresh, 4)));
		// What comes behind the first paint may still paint more, or move it.
		await page.waitForTimeout(2_500);
		const paints = await page.evaluate(() => window.paints);
		ours.push(paints.largest);
		shift = Math.max(shift, paints.shift);
		await page.close();

		const beside = await context.newPage();
		await slowed(beside, 4);
		await beside.goto(bareUrl);
		await beside.waitForTimeout(500);
		theirs.push(await beside.evaluate(() => window.paints.largest));
		await beside.close();
	}
	const limit = (share: number) => ({ name: 'a page of one line', value: percentile(theirs, share) });
	const name = 'inbox, nothing in the cache, CPU slowed 4x: largest paint';
	return [
		{ name: `${name}, median`, value: percentile(ours, 0.5), unit: 'ms', target: 1_200, limit: limit(0.5) },
		{ name: `${name}, slowest of ${LOADS}`, value: Math.max(...ours), unit: 'ms', target: 1_200, limit: limit(1) },
		{ name: 'inbox, first load: layout shift, most', value: shift, unit: 'shift', target: 0 }
	];
}

/** From the click to the frame that shows the view's rows as the database answered them. */
async function switching({ context }: Screen): Promise<Figure[]> {
	const samples: number[] = [];
	const asked: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		// Each view is gone to once a page: nothing of it is known.
		const page = await openInbox(context);
		await page.waitForTimeout(1_500);
		for (const view of views) {
			const answered = page.waitForResponse((response) => response.url().includes('/rest/v1/conversations?'));
			samples.push(await goTo(page, view));
			const { requestStart, responseEnd } = (await answered).request().timing();
			asked.push(responseEnd - requestStart);
			await page.waitForTimeout(150);
		}
		await page.close();
	}
	const limit = (share: number) => ({ name: 'its request alone', value: percentile(asked, share) });
	const name = "from a click to a view's first 50, painted";
	return [
		{ name: `${name}: p50`, value: percentile(samples, 0.5), unit: 'ms', target: 60, limit: limit(0.5) },
		{ name: `${name}: p95`, value: percentile(samples, 0.95), unit: 'ms', target: 60, limit: limit(0.95) }
	];
}

const goTo = (page: Page, view: string) =>
	page.evaluate(async (name) => {
		const link = [...document.querySelectorAll<HTMLAnchorElement>('aside nav a')].find((a) => a.title === name);
		if (!link) throw new Error(`there is no view ${name}`);
		const asked = new URL(link.href).search;
		const shown = () => {
			const row = document.querySelector<HTMLAnchorElement>('[data-testid=conversation-row]');
			const list = document.querySelector('section > [aria-busy]');
			return row && new URL(row.href).search === asked && list?.getAttribute('aria-busy') === 'false';
		};
		const painted = new Promise<number>((resolve, reject) => {
			const late = setTimeout(() => reject(new Error(`${name} showed no rows`)), 10_000);
			const watcher = new MutationObserver(() => {
				if (!shown()) return;
				watcher.disconnect();
				clearTimeout(late);
				requestAnimationFrame(() => {
					const { port1, port2 } = new MessageChannel();
					port1.onmessage = () => resolve(performance.now());
					port2.postMessage(null);
				});
			});
			watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
		});
		const begun = performance.now();
		link.click();
		return (await painted) - begun;
	}, view);

/** Turns the wheel until the last of all conversations is on the screen. */
async function scrolling({ context, bareUrl }: Screen): Promise<Figure[]> {
	const page = await openInbox(context);
	await page.waitForTimeout(2_500);
	const ours = await wheel(page, '[data-testid=conversation-row]', OPEN);
	await page.close();
	const beside = await context.newPage();
	await beside.goto(bareUrl);
	const theirs = await wheel(beside, '#list > div', OPEN);
	await beside.close();
	const name = `scrolling through ${ours.rows} conversations`;
	const limit = (value: number) => ({ name: 'a plain list of as many', value });
	return [
		{
			name: `${name}: frames over 50 ms`,
			value: ours.long.length,
			unit: 'frames',
			target: 0,
			limit: limit(theirs.long.length)
		},
		{
			name: `${name}: longest frame`,
			value: Math.max(0, ...ours.gaps),
			unit: 'ms',
			target: 50,
			limit: limit(Math.max(0, ...theirs.gaps))
		},
		{
			name: `${name}: p99 of ${ours.gaps.length} frames`,
			value: percentile(ours.gaps, 0.99),
			unit: 'ms',
			limit: limit(percentile(theirs.gaps, 0.99))
		},
		{ name: `${name}: layout shift`, value: ours.shift, unit: 'shift', target: 0, limit: limit(theirs.shift) }
	];
}

async function wheel(page: Page, row: string, wanted: number) {
	const box = await page.locator(row).first().boundingBox();
	if (!box) throw new Error(`no ${row} to scroll`);
	await page.mouse.move(box.x + 100, box.y + 200);
	await page.evaluate((selector) => {
		let list = document.querySelector(selector)?.parentElement;
		while (list && !(list.scrollHeight > list.clientHeight && /auto|scroll/.test(getComputedStyle(list).overflowY)))
			list = list.parentElement;
		list?.setAttribute('data-scrolled', '');
		window.paints.longFrames = [];
		window.paints.shift = 0;
		window.paints.sample();
	}, row);
	const state = () =>
		page.evaluate(() => {
			const list = document.querySelector('[data-scrolled]');
			return list ? { height: list.scrollHeight, left: list.scrollHeight - list.clientHeight - list.scrollTop } : null;
		});
	const deadline = Date.now() + 240_000;
	let standing = 0;
	for (let now = await state(); now && Date.now() < deadline && standing < 20; now = await state()) {
		if (now.left < 2) {
			standing++;
			await page.waitForTimeout(100);
			continue;
		}
		standing = 0;
		await page.mouse.wheel(0, WHEEL);
	}
	const end = await state();
	const paints = await page.evaluate(() => window.paints);
	const rows = Math.round((end?.height ?? 0) / 64);
	if (rows < wanted) throw new Error(`${rows} rows were reached, ${wanted} are there`);
	return { rows, gaps: paints.gaps, long: paints.gaps.filter((gap) => gap > 50), shift: paints.shift };
}
