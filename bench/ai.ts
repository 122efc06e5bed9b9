import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { Simulator } from '../tests/journeys/simulator.ts';
import { SgpClients } from '../workers/src/modules/sgp.ts';
import { takeTurn } from '../workers/src/ai/turn.ts';
import { percentile, type Figure } from './figure.ts';
import { signIn } from './rest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PEOPLE = ['ana@padaria.test', 'sofia@padaria.test', 'caio@padaria.test', 'duda@padaria.test'];
/** A function stops a person who asks more than 60 times a minute. */
const ASKED_EACH = 50;
const PAUSE_MS = 250;
const TURNS = 200;
const WARM = 5;
const TARGET_MS = 50;

/** What we add to a model, without the model: until its first word is sent on, and until an agent's turn has asked it. */
export async function benchAi(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: 2, onnotice: () => {} });
	try {
		return [...(await assisted(facts, sql)), ...(await turns(facts, sql))];
	} finally {
		await sql.end();
	}
}

/** A person's question through the edge function, beside a function that streams the same model and does nothing else. */
async function assisted(facts: StackFacts, sql: postgres.Sql): Promise<Figure[]> {
	const [tenant] = await sql<[{ id: string }]>`select id from public.tenants where slug = 'padaria'`;
	await sql`
		insert into public.ai_settings (tenant_id, calls_per_minute) values (${tenant.id}, 10000)
		on conflict (tenant_id) do update set calls_per_minute = 10000`;
	const rows = await sql<{ id: string }[]>`
		select id from public.conversations
		where tenant_id = ${tenant.id} and status = 'open' and assignee_id is null and team_id is null and not is_spam limit 20`;
	const tokens = await Promise.all(PEOPLE.map((email) => signIn(facts, email)));
	const { base_url, api_key } = facts.model;
	const question = {
		model: 'prosa-simulator',
		stream: true,
		messages: [{ role: 'user', content: '<customer_message>Bom dia</customer_message>' }]
	};
	const toModel = {
		method: 'POST',
		headers: { authorization: `Bearer ${api_key}`, 'content-type': 'application/json' }
	};
	const bare = await startBare(base_url, api_key);
	try {
		const ours: number[] = [];
		const passed: number[] = [];
		const models: number[] = [];
		for (let at = 0; at < ASKED_EACH * PEOPLE.length; at++) {
			const row = rows[at % rows.length];
			const own = await firstWord(`${base_url}/chat/completions`, { ...toModel, body: JSON.stringify(question) });
			const through = await firstWord(bare.url, { method: 'POST', body: JSON.stringify(question) });
			const asked = await firstWord(`${facts.api_url}/functions/v1/ai/assist`, {
				method: 'POST',
				headers: {
					authorization: `Bearer ${tokens[at % tokens.length]}`,
					apikey: facts.anon_key,
					'content-type': 'application/json'
				},
				body: JSON.stringify({ task: 'suggest', conversation_id: row?.id, draft: '' })
			});
			if (at >= WARM) {
				models.push(own);
				passed.push(through - own);
				ours.push(asked - own);
			}
			await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
		}
		const note = `${ours.length} questions, one after another; the model's own first byte (${percentile(models, 0.5).toFixed(1)} ms p50) taken off`;
		return [0.5, 0.99].map((share) => ({
			name: `AI: our share of a first word, p${share * 100}`,
			value: percentile(ours, share),
			unit: 'ms' as const,
			...(share === 0.99 ? { target: TARGET_MS } : {}),
			limit: { name: 'a Deno function that streams the same model', value: percentile(passed, share) },
			note
		}));
	} finally {
		bare.stop();
	}
}

/** Milliseconds until the first piece of an answer; the rest is read and thrown away. */
async function firstWord(url: string, request: RequestInit): Promise<number> {
	const started = performance.now();
	const response = await fetch(url, request);
	if (!response.ok || !response.body) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
	const reader = response.body.getReader();
	const { value } = await reader.read();
	const first = performance.now() - started;
	const text = new TextDecoder().decode(value);
	if (text.includes('event: failed')) throw new Error(text);
	while (!(await reader.read()).done);
	return first;
}

async function startBare(baseUrl: string, key: string): Promise<{ url: string; stop: () => void }> {
	const code = `
		Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: ({ port }) => console.log('port ' + port) }, async (request) => {
			const answer = await fetch('${baseUrl}/chat/completions', {
				method: 'POST', body: await request.text(),
				headers: { authorization: 'Bearer ${key}', 'content-type': 'application/json' }
			});
			return new Response(answer.body, { headers: { 'content-type': 'text/event-stream' } });
		});`;
	const child = spawn(`${root}node_modules/.bin/deno`, ['run', '--allow-net', '-'], {
		stdio: ['pipe', 'pipe', 'inherit']
	});
	child.stdin.end(code);
	let output = '';
	while (!/port \d+\n/.test(output)) {
		const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
		output += chunk.toString();
	}
	return { url: `http://127.0.0.1:${/port (\d+)/.exec(output)?.[1]}`, stop: () => child.kill('SIGKILL') };
}

/** An agent's turn, from when the customer has finished to when the model has the first request. */
async function turns(facts: StackFacts, sql: postgres.Sql): Promise<Figure[]> {
	let arrived = 0;
	const model = createServer((request, response) => {
		if (arrived === 0) arrived = performance.now();
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			const decision = { intent: 'other', sentiment: 'neutral', urgency: 'low', hand_over: false, confidence: 1 };
			const content = body.includes('"json_schema"') ? JSON.stringify(decision) : 'Bom dia!';
			const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }];
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ choices, usage: { prompt_tokens: 10, completion_tokens: 2 } }));
		});
	}).listen(0, '127.0.0.1');
	await once(model, 'listening');
	const baseUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}`;
	const db = postgres(facts.db_url, { max: 4, onnotice: () => {}, connection: { role: 'prosa_worker' } });
	try {
		const [place] = await sql<[{ tenant_id: string; team_id: string; agent_id: string }]>`
			select a.tenant_id, a.team_ids[1] as team_id, a.id as agent_id from public.ai_agents a
			join public.tenants t on t.id = a.tenant_id where t.slug = 'oficina' and a.published_version_id is not null limit 1`;
		await sql`
			insert into public.ai_settings (tenant_id, calls_per_minute) values (${place.tenant_id}, 10000)
			on conflict (tenant_id) do update set calls_per_minute = 10000`;
		const simulator = new Simulator(facts.whatsapp.graph_url);
		const customer = await simulator.newCustomer('Rita');
		await simulator.write(customer, { text: 'Quanto custa a troca de óleo?' }, 'oficina');
		const id = await conversationOf(sql, customer.wa_id);
		const keys = await readSecretKeys(`bench:${Buffer.alloc(32, 7).toString('base64')}`);
		const deps = {
			db,
			keys,
			sgp: new SgpClients(keys, []),
			flowOrigins: [],
			ai: { baseUrl, key: 'sk-bench', model: 'prosa-simulator' }
		};
		const ours: number[] = [];
		const bare: number[] = [];
		for (let at = 0; at < TURNS; at++) {
			// The conversation first, as whoever else changes it does.
			await sql.begin(async (locked) => {
				await locked`
					update public.conversations
					set owner = 'human', team_id = ${place.team_id}, assignee_id = null, first_reply_at = null, status = 'open'
					where id = ${id}`;
				await locked`delete from private.ai_threads where conversation_id = ${id}`;
			});
			await sql`delete from public.ai_calls where agent_id = ${place.agent_id}`;
			arrived = 0;
			const started = performance.now();
			const outcome = await takeTurn(deps, id, new AbortController().signal);
			if (outcome !== 'done') throw new Error(`the turn came to ${outcome}`);
			if (at >= WARM) ours.push(arrived - started);
			arrived = 0;
			const asked = performance.now();
			await db`select 1`;
			await (await fetch(baseUrl, { method: 'POST', body: '{}' })).text();
			if (at >= WARM) bare.push(arrived - asked);
		}
		return [0.5, 0.99].map((share) => ({
			name: `AI: an agent's turn until it asks the model, p${share * 100}`,
			value: percentile(ours, share),
			unit: 'ms' as const,
			...(share === 0.99 ? { target: TARGET_MS } : {}),
			limit: { name: 'one select, one request', value: percentile(bare, share) },
			note: `${ours.length} turns`
		}));
	} finally {
		await db.end();
		model.close();
	}
}

async function conversationOf(sql: postgres.Sql, phone: string): Promise<string> {
	for (let tries = 0; tries < 200; tries++) {
		const [row] = await sql<{ id: string }[]>`
			select c.id from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = ${phone}`;
		if (row) return row.id;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error('the message did not arrive');
}
