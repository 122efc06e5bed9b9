import { createClient } from '@supabase/supabase-js';
import type { CDPSession } from '@playwright/test';
import type { StackFacts } from '../stack/facts.ts';
import postgres from 'postgres';
import { openInbox, signInBrowser } from './browser.ts';
import { percentile, type Figure } from './figure.ts';
import { signIn } from './rest.ts';
import { runLoad } from './socket_load.ts';
import { phone, signedRequest, textBody } from './webhooks.ts';

/** `BENCH_SECONDS=3600` for the hour that is promised. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
const RATE = 100;
const OTHERS = 199;
const PEOPLE = 200;

/**
 * One agent's real browser, and 199 more agents on bare sockets, while a hundred messages a second arrive for the
 * company: webhook to painted row, how busy the main thread is, what memory does.
 */
export async function benchBusy(facts: StackFacts): Promise<Figure[]> {
	const others = await followers(facts);
	const signedIn = await signInBrowser(facts, 'sofia@padaria.test');
	try {
		const { page, cdp } = await signedIn.open();
		await openInbox(page, '/padaria/inbox');
		await page.waitForTimeout(5_000);
		await page.evaluate(WATCH);
		await cdp.send('Performance.enable');
		const idle = await busyShare(cdp, () => page.waitForTimeout(5_000));
		const heapBefore = await heap(cdp);

		const sentAt = new Map<string, number>();
		const total = SECONDS * RATE;
		const url = new URL(facts.api_url);
		let sent = 0;
		const busy = await busyShare(cdp, async () => {
			const begun = Date.now() + 50;
			await runLoad({
				host: url.hostname,
				port: Number(url.port),
				connections: 16,
				rate: RATE,
				next: () => {
					if (sent >= total) return null;
					const text = `carga ${sent}`;
					// From when it was due: a door that stalls cannot hide it.
					sentAt.set(text, begun + (sent / RATE) * 1_000);
					return signedRequest(facts, textBody(facts, phone(sent++, PEOPLE), text));
				}
			});
		});
		await page.waitForTimeout(3_000);
		const heapAfter = await heap(cdp);
		const painted = await page.evaluate<[string, number][]>('[...window.firstPainted]');
		const delays = painted.flatMap(([text, at]) => {
			const from = sentAt.get(text);
			return from === undefined ? [] : [Math.max(0, at - from)];
		});
		return [
			{
				name: `screen at ${RATE} messages a second, ${OTHERS + 1} agents: webhook to painted row, p99 (${delays.length} of ${total} seen)`,
				value: percentile(delays, 0.99),
				unit: 'ms',
				target: 100
			},
			{ name: 'the same, p50', value: percentile(delays, 0.5), unit: 'ms' },
			{
				name: `the same: main thread busy over ${SECONDS} s`,
				value: busy * 100,
				unit: '%',
				target: 30,
				limit: { name: 'nothing arriving', value: idle * 100 }
			},
			{
				name: `the same: memory after ${total} messages, collected`,
				value: heapAfter,
				unit: 'MB',
				limit: { name: 'before them', value: heapBefore }
			}
		];
	} finally {
		await signedIn.close();
		await Promise.all(others.map((client) => client.realtime.disconnect()));
	}
}

/** When each text was first painted in the list, told by the clock of this machine. */
const WATCH = `
	window.firstPainted = new Map();
	const list = document.querySelector('[data-testid="conversation-row"]').closest('section');
	let asked = false;
	new MutationObserver(() => {
		if (asked) return;
		asked = true;
		requestAnimationFrame(() => {
			asked = false;
			const texts = [...list.querySelectorAll('[data-testid="conversation-row"]')].map((row) => /carga \\d+/.exec(row.textContent)?.[0]);
			const channel = new MessageChannel();
			channel.port1.onmessage = () => {
				for (const text of texts) if (text && !firstPainted.has(text)) firstPainted.set(text, Date.now());
			};
			channel.port2.postMessage(null);
		});
	}).observe(list, { subtree: true, childList: true, characterData: true });`;

async function busyShare(cdp: CDPSession, during: () => Promise<unknown>): Promise<number> {
	const read = async () => {
		const { metrics } = await cdp.send('Performance.getMetrics');
		const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
		return { task: of('TaskDuration'), at: of('Timestamp') };
	};
	const before = await read();
	await during();
	const after = await read();
	return (after.task - before.task) / (after.at - before.at);
}

async function heap(cdp: CDPSession): Promise<number> {
	await cdp.send('HeapProfiler.collectGarbage');
	const { usedSize } = await cdp.send('Runtime.getHeapUsage');
	return usedSize / 2 ** 20;
}

async function followers(facts: StackFacts) {
	const token = await signIn(facts);
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	const [tenant] = await sql<[{ id: string }]>`select id from public.tenants where slug = 'padaria'`;
	await sql.end();
	return Promise.all(
		Array.from({ length: OTHERS }, async () => {
			const client = createClient(facts.api_url, facts.anon_key, { accessToken: async () => token });
			await client.realtime.setAuth(token);
			await new Promise<void>((resolve) =>
				client
					.channel(`inbox:${tenant.id}:all`, { config: { private: true } })
					.subscribe((status) => status === 'SUBSCRIBED' && resolve())
			);
			return client;
		})
	);
}
