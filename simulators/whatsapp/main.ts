import { optionsFromEnv } from './src/options.ts';
import { startWhatsAppSimulator } from './src/simulator.ts';

/** Runs the simulator by itself: `node simulators/whatsapp/main.ts`. */
async function main(): Promise<void> {
	const options = optionsFromEnv(process.env);
	const simulator = await startWhatsAppSimulator(options);
	console.log(
		`WhatsApp simulator on ${simulator.url}, webhooks to ${options.webhookUrl ?? 'nowhere (set WEBHOOK_URL)'}`
	);
	const stop = (): void => void simulator.close().then(() => process.exit(0));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
	const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
	const reason = taken
		? `the port ${process.env['PORT'] ?? '54330'} is taken`
		: error instanceof Error
			? error.message
			: String(error);
	console.error(`The WhatsApp simulator cannot start: ${reason}`);
	process.exit(1);
});
