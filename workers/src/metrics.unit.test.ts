import { freePort } from '@prosa/supabase-embedded/postgres/index.ts';
import { expect, test } from 'vitest';
import { createMetrics, serveMetrics } from './metrics.ts';

test('a supervisor learns whether the worker takes jobs, and Prometheus how many it did', async () => {
	const metrics = createMetrics();
	const port = await freePort();
	let taking = false;
	const close = await serveMetrics(metrics.registry, port, () => taking);
	const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

	expect((await get('/health')).status).toBe(503);
	taking = true;
	expect((await get('/health')).status).toBe(200);
	metrics.sends.inc({ result: 'accepted' });
	expect(await (await get('/metrics')).text()).toContain('prosa_sends_total{result="accepted"} 1');
	expect((await get('/')).status).toBe(404);
	close();
});
