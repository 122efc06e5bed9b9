import type { Page } from '@playwright/test';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { firstLoad } from '../tests/journeys/first_load.ts';
import { openInbox, signInBrowser, type SignedIn } from './browser.ts';
import { percentile, type Figure } from './figure.ts';

const CONVERSATIONS = 10_000;
const LOADS = 5;
const SWITCHES = 40;
const INBOX = '/padaria/inbox';

/** What an agent's screen does: how much it loads, when it is painted, whether it jumps, how it scrolls and changes views. */
export async function benchScreen(facts: StackFacts): Promise<Figure[]> {
	await fillList(facts);
	const signedIn = await signInBrowser(facts, 'sofia@padaria.test');
	try {
		return [
			await weight(signedIn),
			...(await paint(signedIn)),
			...(await scroll(signedIn)),
			await switchViews(signedIn)
		];
	} finally {
		await signedIn.close();
	}
}

/** Ten thousand open conversations without their messages: the list is what is scrolled. */
async function fillList(facts: StackFacts): Promise<void> {
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	const tables = ['contacts', 'conversations'];
	const [tenant] = await sql<[{ id: string }]>`select id from public.tenants where slug = 'padaria'`;
	for (const table of tables) await sql`alter table ${sql(`public.${table}`)} disable trigger user`;
	await sql`
		insert into public.contacts (id, tenant_id, name, phone)
		select md5('screen' || g)::uuid, ${tenant.id}, 'Pessoa ' || g, '55119' || (60000000 + g)
		from generate_series(1, ${CONVERSATIONS}) g`;
	await sql`
		insert into public.conversations (
			id, tenant_id, contact_id, channel_id, status, last_seq, read_seq, preview, preview_kind, preview_direction,
			preview_at, last_message_at, window_expires_at
		)
		select md5('screen conversation' || g)::uuid, ${tenant.id}, md5('screen' || g)::uuid,
			(select id from public.channels where tenant_id = ${tenant.id} limit 1), 'open', 1, 1,
			'Tem pão de queijo hoje? Queria encomendar para sábado', 'text', 'in', now(),
			now() - g * interval '20 seconds', now()
		from generate_series(1, ${CONVERSATIONS}) g`;
	for (const table of tables) await sql`alter table ${sql(`public.${table}`)} enable trigger user`;
	for (const table of tables) await sql`vacuum (analyze) ${sql(`public.${table}`)}`;
	await sql.end();
}

async function weight({ open }: SignedIn): Promise<Figure> {
	const { context, page } = await open();
	const { scriptBytes, scripts, encodings } = await firstLoad(page, INBOX);
	await context.close();
	return {
		name: `inbox: JavaScript until it can be used (${encodings.join(', ')}, ${scripts} files)`,
		value: scriptBytes / 1000,
		unit: 'kB',
		target: 170
	};
}

/** Watches from the first byte on; what is painted largest and what moved is read from `window.painted`. */
const WATCH = `
	window.painted = { largest: 0, shifted: 0 };
	new PerformanceObserver((list) => { for (const entry of list.getEntries()) painted.largest = entry.startTime; })
		.observe({ type: 'largest-contentful-paint', buffered: true });
	new PerformanceObserver((list) => { for (const entry of list.getEntries()) painted.shifted += entry.value; })
		.observe({ type: 'layout-shift', buffered: true });`;

async function paintOnce({ open }: SignedIn, bare: boolean): Promise<{ largest: number; shifted: number }> {
	const { context, page, cdp } = await open();
	await page.addInitScript(WATCH);
	if (bare) {
		// The same page as the server drew it, with its styles and none of its scripts.
		await page.route(`**${INBOX}`, async (route) => {
			const response = await route.fetch();
			const html = await response.text();
			const body = html.replaceAll(/<script[\s\S]*?<\/script>|<link[^>]*modulepreload[^>]*>/g, '');
			await route.fulfill({ response, body });
		});
	}
	await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
	if (bare) {
		await page.goto(INBOX);
		await page.getByTestId('conversation-row').first().waitFor();
	} else await openInbox(page, INBOX);
	await page.waitForTimeout(1_500);
	const painted = await page.evaluate<{ largest: number; shifted: number }>('painted');
	await context.close();
	return painted;
}

async function paint(signedIn: SignedIn): Promise<Figure[]> {
	const ours = [];
	const bare = [];
	for (let i = 0; i < LOADS; i++) {
		ours.push(await paintOnce(signedIn, false));
		bare.push(await paintOnce(signedIn, true));
	}
	const largest = (of: typeof ours) =>
		percentile(
			of.map((one) => one.largest),
			0.5
		);
	return [
		{
			name: 'inbox: largest paint with a processor four times slower, median of 5',
			value: largest(ours),
			unit: 'ms',
			target: 1_200,
			limit: { name: 'the same page without scripts', value: largest(bare) }
		},
		{
			name: 'inbox: layout shift while it loads, worst of 5',
			value: Math.max(...ours.map(({ shifted }) => shifted)),
			unit: '',
			target: 0
		}
	];
}

/** Scrolls an element by half a screen a frame until `rows` have gone by; gives how long each frame took. */
async function scrollFrames(page: Page, selector: string, rows: number): Promise<number[]> {
	return page.evaluate(
		async ([of, count]) => {
			const scroller = document.querySelector(of as string);
			if (!scroller) throw new Error('nothing to scroll');
			const frames: number[] = [];
			const until = performance.now() + 180_000;
			const end = (count as number) * 64 - scroller.clientHeight;
			let before = performance.now();
			while (scroller.scrollTop < end - 64 && performance.now() < until) {
				scroller.scrollTop += 320;
				before = await new Promise<number>((resolve) =>
					requestAnimationFrame((now) => {
						frames.push(now - before);
						resolve(now);
					})
				);
			}
			return frames;
		},
		[selector, rows] as const
	);
}

async function scroll({ open }: SignedIn): Promise<Figure[]> {
	const { context, page } = await open();
	await openInbox(page, INBOX);
	await page.waitForTimeout(2_000);
	const list = '[data-testid="list-scroller"], section[aria-label="Conversas"] [style*="overflow"]';
	const frames = await scrollFrames(page, list, CONVERSATIONS);
	const plain = await context.newPage();
	await plain.setContent(
		`<div id="list" style="height:800px;overflow-y:auto">${Array.from({ length: CONVERSATIONS }, (_, i) => `<div style="height:64px;contain:strict;content-visibility:auto;contain-intrinsic-size:64px">Pessoa ${i}</div>`).join('')}</div>`
	);
	const bare = await scrollFrames(plain, '#list', CONVERSATIONS);
	await context.close();
	return [
		{
			name: `inbox: longest frame scrolling ${CONVERSATIONS.toLocaleString('en')} conversations (${frames.length} frames)`,
			value: Math.max(...frames.slice(1)),
			unit: 'ms',
			target: 50,
			limit: { name: 'plain rows on an empty page', value: Math.max(...bare.slice(1)) }
		},
		{
			name: 'inbox: frame scrolling them, p99',
			value: percentile(frames.slice(1), 0.99),
			unit: 'ms',
			limit: { name: 'plain rows on an empty page', value: percentile(bare.slice(1), 0.99) }
		}
	];
}

async function switchViews({ open }: SignedIn): Promise<Figure> {
	const { context, page } = await open();
	await openInbox(page, INBOX);
	await page.waitForTimeout(2_000);
	const took = await page.evaluate(async (times) => {
		const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
		const samples: number[] = [];
		for (let i = 0; i < times; i++) {
			const view = i % 2 === 0 ? 'unassigned' : 'all';
			const link = document.querySelector<HTMLElement>(
				view === 'all' ? 'nav a[href$="/inbox"]' : `nav a[href*="view=${view}"]`
			);
			if (!link) throw new Error(`no way to ${view}`);
			const started = performance.now();
			link.click();
			for (;;) {
				await frame();
				const row = document.querySelector('[data-testid="conversation-row"]');
				if (row && (row.getAttribute('href') ?? '').includes('view=unassigned') === (view === 'unassigned')) break;
				if (performance.now() - started > 5_000) throw new Error(`${view} never came`);
			}
			await frame();
			samples.push(performance.now() - started);
			await new Promise((resolve) => setTimeout(resolve, 150));
		}
		return samples;
	}, SWITCHES);
	const bare = await page.evaluate(async (times) => {
		const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
		const list = document.createElement('div');
		document.body.append(list);
		const samples: number[] = [];
		for (let i = 0; i < times; i++) {
			const started = performance.now();
			list.textContent = `Pessoa ${i}`;
			await frame();
			await frame();
			samples.push(performance.now() - started);
		}
		return samples;
	}, SWITCHES);
	await context.close();
	return {
		name: 'inbox: view chosen to rows painted, p99',
		value: percentile(took, 0.99),
		unit: 'ms',
		target: 60,
		limit: { name: 'one word changed and painted', value: percentile(bare, 0.99) }
	};
}
