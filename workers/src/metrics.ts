import http from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
	registry: Registry;
	jobs: Counter<'task' | 'outcome'>;
	jobSeconds: Histogram<'task'>;
	running: Gauge;
	sends: Counter<'result'>;
	sendSeconds: Histogram;
	mediaFiles: Counter<'result'>;
	missedDepartures: Counter;
	flowSteps: Counter;
}

export function createMetrics(): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	return {
		registry,
		jobs: new Counter({
			name: 'prosa_jobs_total',
			help: 'Jobs that ended, by task and outcome',
			labelNames: ['task', 'outcome'],
			registers
		}),
		jobSeconds: new Histogram({
			name: 'prosa_job_seconds',
			help: 'How long a job ran',
			labelNames: ['task'],
			buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
			registers
		}),
		running: new Gauge({ name: 'prosa_jobs_running', help: 'Jobs that run now', registers }),
		sends: new Counter({
			name: 'prosa_sends_total',
			help: 'Calls to the Graph API to send a message, by what came of them',
			labelNames: ['result'],
			registers
		}),
		sendSeconds: new Histogram({
			name: 'prosa_send_seconds',
			help: 'How long a call to send a message took',
			buckets: [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 15],
			registers
		}),
		mediaFiles: new Counter({
			name: 'prosa_media_files_total',
			help: 'Files of messages that were fetched, by what came of them',
			labelNames: ['result'],
			registers
		}),
		flowSteps: new Counter({
			name: 'prosa_flow_steps_total',
			help: 'Nodes of flows that were run through',
			registers
		}),
		missedDepartures: new Counter({
			name: 'prosa_departures_missed_total',
			help: 'Departures that were taken from a number’s limit and not used in time',
			registers
		})
	};
}

/** /metrics for Prometheus and /health for a supervisor, on the loopback alone. Returns how to close it. */
export async function serveMetrics(registry: Registry, port: number, healthy: () => boolean): Promise<() => void> {
	const server = http.createServer((request, response) => {
		if (request.url === '/health') {
			response.writeHead(healthy() ? 200 : 503).end(healthy() ? 'ok\n' : 'not ready\n');
		} else if (request.url === '/metrics') {
			registry.metrics().then(
				(text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
				() => response.writeHead(500).end()
			);
		} else {
			response.writeHead(404).end();
		}
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return () => {
		server.close();
		server.closeAllConnections();
	};
}
