import type { CDPSession, Page } from '@playwright/test';
import postgres from 'postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackFacts } from '../stack/facts.ts';
import { joinAgents } from './agents.ts';
import { openInbox, openScreen } from './browser.ts';
import { percentile, type Figure } from './figure.ts';
import { signIn } from './rest.ts';
import { writeAll } from './screen_people.ts';
import { runLoad } from './socket_load.ts';
import { phone, signedRequest, textBody } from './webhooks.ts';

/** How long the inbox stands under the traffic; an hour when one wants to know whether it stays as it is. */
const seconds = Number(process.env.BUSY_SECONDS ?? '60');
const RATE = 100;
const AGENTS = 200;
/** Customers who write in turn: all of them are on the list before it is measured. */
const WRITERS = 1_000;
const WARM_SECONDS = WRITERS / RATE + 5;
const HEAP_EVERY_SECONDS = 15;
/** A long run says how far it is every five minutes. */
const TOLD_EVERY = 300 / HEAP_EVERY_SECONDS;
/** A token is good for an hour. */
const RENEW_MS = 20 * 60_000;

/** A busy company: a hundred messages a second through the door, 200 agents who hear of each, one of them a real browser. */
export async function benchBusy(facts: StackFacts): Promise<Figure[]> {
	await writeAll(facts);
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	const [tenant] = await sql<[{ id: string }]>`select id from public.tenants where slug = 'padaria'`;
	await sql.end();
	const topic = `inbox:${tenant.id}:all`;
	const token = await signIn(facts);
	const others = await joinAgents(facts, token, topic, AGENTS - 1);
	const renewing = setInterval(() => void signIn(facts).then(others.renew), RENEW_MS);
	const screen = await openScreen(facts, '<!doctype html><meta charset="utf-8"><title>Bare</title><p id="last"></p>');
	try {
		const bare = await screen.context.newPage();
		await bare.goto(screen.bareUrl);
		await bare.evaluate(listenBarely, { url: facts.api_url, key: facts.anon_key, topic, token });
		const limit = await watched(facts, bare, Math.min(seconds, 30));
		await bare.close();

		const page = await openInbox(screen.context);
		await page.waitForTimeout(2_000);
		const before = others.heard();
		const ours = await watched(facts, page, seconds);
		const share = (others.heard() - before) / (ours.sent * (AGENTS - 1));
		if (share < 0.99) throw new Error(`the other agents heard ${Math.round(share * 100)} % of the messages`);
		const rows = await page.getByTestId('conversation-row').count();
		if (rows === 0) throw new Error('the list is empty');
		const name = `${AGENTS} agents, ${RATE} messages/s, ${seconds} s`;
		const socket = (value: number) => ({ name: 'one websocket page', value });
		const times = (text: string, at: number, target?: number): Figure => ({
			name: `${name}: webhook to painted row, ${text}`,
			value: percentile(ours.latencies, at),
			unit: 'ms',
			limit: socket(percentile(limit.latencies, at)),
			note: `${ours.latencies.length} of ${ours.counted} were painted before the next took their place`,
			...(target !== undefined && { target })
		});
		return [
			times('p50', 0.5),
			times('p99', 0.99, 100),
			{ name: `${name}: main thread busy`, value: ours.busy, unit: '%', target: 30, limit: socket(limit.busy) },
			{
				name: `${name}: main thread busy, by processor time`,
				value: ours.work,
				unit: '%',
				target: 30,
				limit: socket(limit.work)
			},
			{ name: `${name}: frames over 50 ms`, value: ours.long, unit: 'frames', limit: socket(limit.long) },
			{ name: `${name}: layout shift`, value: ours.shift, unit: 'shift', target: 0, limit: socket(limit.shift) },
			{
				name: `${name}: heap grown, first to last third`,
				value: ours.grown,
				unit: 'MB',
				limit: socket(limit.grown),
				note: ours.heap.map((megabytes) => megabytes.toFixed(1)).join(' ')
			}
		];
	} finally {
		clearInterval(renewing);
		others.leave();
		await screen.close();
	}
}

/** Lets traffic come in and watches a page under it, once everybody who writes is on its list. */
async function watched(facts: StackFacts, page: Page, forSeconds: number) {
	const client = await page.context().newCDPSession(page);
	await client.send('Performance.enable');
	// Beside the clock: what the main thread had of a processor, which it shares here with 200 agents, a database and a load.
	const ticking = await page.context().newCDPSession(page);
	await ticking.send('Performance.enable', { timeDomain: 'threadTicks' });
	const { offset } = await clocks(page);
	await page.evaluate(watchRows);
	const sentAt: number[] = [];
	const total = Math.ceil((WARM_SECONDS + forSeconds) * RATE);
	const url = new URL(facts.api_url);
	let next = 0;
	const run = Math.random().toString(36).slice(2, 6);
	const started = performance.now();
	const loading = runLoad({
		host: url.hostname,
		port: Number(url.port),
		connections: 32,
		rate: RATE,
		next: () => {
			if (next >= total) return null;
			const n = next++;
			// When it is due is when it counts from; the load sends it then.
			sentAt[n] = performance.timeOrigin + started + (n / RATE) * 1000;
			return signedRequest(facts, textBody(facts, phone(n, WRITERS), `#${run}${n}# Bom dia!`));
		}
	});
	await sleep(WARM_SECONDS * 1000);
	await page.evaluate(() => {
		window.paints.longFrames = [];
		window.paints.shift = 0;
	});
	const from = await taskTime(client);
	const worked = await taskTime(ticking);
	const seen = new Map<string, number>();
	const heap: number[] = [];
	const end = Date.now() + forSeconds * 1000;
	let collecting = 0;
	let collectingWork = 0;
	while (Date.now() < end) {
		await sleep(Math.max(0, Math.min(HEAP_EVERY_SECONDS * 1000, end - Date.now())));
		await takeSeen(page, seen);
		const begun = await taskTime(client);
		const begunWork = await taskTime(ticking);
		await client.send('HeapProfiler.collectGarbage');
		const { usedSize } = await client.send('Runtime.getHeapUsage');
		heap.push(usedSize / 2 ** 20);
		if (heap.length % TOLD_EVERY === 0)
			console.error(`busy: ${heap.length * HEAP_EVERY_SECONDS} s, heap ${heap.at(-1)?.toFixed(2)} MB`);
		// Collecting is ours, not the page's.
		collecting += (await taskTime(client)).busy - begun.busy;
		collectingWork += (await taskTime(ticking)).busy - begunWork.busy;
	}
	const to = await taskTime(client);
	const done = await taskTime(ticking);
	const { statuses } = await loading;
	if (statuses[200] !== total) throw new Error(`webhooks were answered ${JSON.stringify(statuses)}`);
	await sleep(1_000);
	await takeSeen(page, seen);
	const { long, shift } = await page.evaluate(() => ({
		long: window.paints.longFrames.length,
		shift: window.paints.shift
	}));
	const latencies = [...seen].flatMap(([text, at]) => {
		if (!text.startsWith(run)) return [];
		const n = Number(text.slice(run.length));
		const sent = sentAt[n];
		return sent === undefined || n < WARM_SECONDS * RATE ? [] : [at + offset - sent];
	});
	if (latencies.length < (total - WARM_SECONDS * RATE) / 2)
		throw new Error(`of ${total} messages ${latencies.length} were seen on the screen`);
	const third = Math.max(1, Math.floor(heap.length / 3));
	const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	await client.detach();
	await ticking.detach();
	return {
		sent: total,
		counted: total - WARM_SECONDS * RATE,
		latencies,
		busy: (100 * (to.busy - from.busy - collecting)) / (to.at - from.at),
		work: (100 * (done.busy - worked.busy - collectingWork)) / (to.at - from.at),
		long,
		shift,
		heap,
		grown: mean(heap.slice(-third)) - mean(heap.slice(0, third))
	};
}

/** Takes what the page noted, which must not grow there while its heap is measured. What stands there still is noted again. */
async function takeSeen(page: Page, seen: Map<string, number>): Promise<void> {
	const noted = await page.evaluate(() => {
		const all = [...window.seenAt];
		window.seenAt.clear();
		return all;
	});
	for (const [text, at] of noted) if (!seen.has(text)) seen.set(text, at);
}

async function taskTime(client: CDPSession): Promise<{ busy: number; at: number }> {
	const { metrics } = await client.send('Performance.getMetrics');
	const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
	return { busy: of('TaskDuration'), at: of('Timestamp') };
}

/** How far the page's clock is behind this process's, from the quickest of some questions. */
async function clocks(page: Page): Promise<{ offset: number }> {
	let best = { width: Infinity, offset: 0 };
	for (let question = 0; question < 20; question++) {
		const before = performance.timeOrigin + performance.now();
		const theirs = await page.evaluate(() => performance.timeOrigin + performance.now());
		const after = performance.timeOrigin + performance.now();
		const width = after - before;
		if (width < best.width) best = { width, offset: (before + after) / 2 - theirs };
	}
	return best;
}

declare global {
	interface Window {
		/** When each message was first in a painted frame, by the page's clock. */
		seenAt: Map<string, number>;
	}
}

/** Notes each message in the page once the frame that shows it is painted. */
function watchRows() {
	window.seenAt = new Map();
	let asked = false;
	new MutationObserver(() => {
		if (asked) return;
		asked = true;
		requestAnimationFrame(() => {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => {
				asked = false;
				const at = performance.timeOrigin + performance.now();
				const rows = document.querySelectorAll('[data-testid=conversation-row], #last');
				for (const { textContent } of rows)
					for (const [, text = ''] of textContent.matchAll(/#(\w+)#/g))
						if (!window.seenAt.has(text)) window.seenAt.set(text, at);
			};
			port2.postMessage(null);
		});
	}).observe(document.body, { subtree: true, childList: true, characterData: true });
}

/** The least that shows messages: one socket, one paragraph with the last few texts. */
function listenBarely({ url, key, topic, token }: { url: string; key: string; topic: string; token: string }) {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${key}&vsn=1.0.0`);
	const last: string[] = [];
	return new Promise<void>((resolve) => {
		socket.onopen = () => {
			const config = {
				broadcast: { ack: false, self: false },
				presence: { key: '' },
				postgres_changes: [],
				private: true
			};
			const payload = { config, access_token: token };
			socket.send(JSON.stringify({ topic: `realtime:${topic}`, event: 'phx_join', payload, ref: '1', join_ref: '1' }));
		};
		socket.onmessage = ({ data }: MessageEvent<string>) => {
			const { event, payload } = JSON.parse(data) as { event: string; payload: { payload?: { preview?: string } } };
			if (event === 'phx_reply') resolve();
			const { preview } = payload.payload ?? {};
			if (!preview) return;
			last.unshift(preview);
			last.length = Math.min(last.length, 14);
			const paragraph = document.getElementById('last');
			if (paragraph) paragraph.textContent = last.join(' ');
		};
	});
}
