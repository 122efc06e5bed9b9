import { z } from 'zod';

const environment = z.object({
	PORT: z.coerce.number().int().min(0).max(65_535).optional(),
	HOST: z.string().default('127.0.0.1')
});

/** Runs a simulator as a process of its own: where it stands is said, a taken port is one sentence, signals end it. */
export async function runSimulator(
	name: string,
	defaultPort: number,
	start: (at: { port: number; host: string }) => Promise<{ url: string; close(): Promise<void> }>
): Promise<void> {
	const { PORT: port = defaultPort, HOST: host } = environment.parse(process.env);
	try {
		const simulator = await start({ port, host });
		console.log(`${name} on ${simulator.url}`);
		const stop = (): void => void simulator.close().then(() => process.exit(0));
		process.once('SIGINT', stop);
		process.once('SIGTERM', stop);
	} catch (error) {
		const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
		const reason = taken ? `the port ${port} is taken` : error instanceof Error ? error.message : String(error);
		console.error(`${name} cannot start: ${reason}`);
		process.exit(1);
	}
}
