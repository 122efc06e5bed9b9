/*
 * Runs in Deno: every function of the project in one process. A function calls Deno.serve when it is loaded; here that
 * hands its handler over instead of opening a port, and the one real server routes by the first word of the path, as the
 * runtime of a hosted project does. A function is loaded with its first request.
 */
type Handler = (request: Request, info: unknown) => Response | Promise<Response>;
interface ServeOptions {
	port?: number;
	hostname?: string;
	handler?: Handler;
	onListen?: (address: { port: number }) => void;
}
declare const Deno: {
	env: { get(name: string): string | undefined };
	exit(code: number): never;
	stdin: { readable: ReadableStream<Uint8Array> };
	serve(...given: (ServeOptions | Handler)[]): unknown;
};

const entrypoints = JSON.parse(Deno.env.get('EDGE_FUNCTIONS') ?? '{}') as Record<string, string>;
const loading = new Map<string, Promise<Handler>>();
const serve = Deno.serve.bind(Deno);

let handedOver: Handler | undefined;
Object.defineProperty(Deno, 'serve', {
	value: (...given: (ServeOptions | Handler)[]) => {
		handedOver = given.map((one) => (typeof one === 'function' ? one : one.handler)).find((one) => one !== undefined);
		return { finished: new Promise(() => {}), shutdown: async () => {}, ref() {}, unref() {} };
	}
});

/** One after the other, so that a handler is known to belong to the module that just loaded. */
let turn: Promise<unknown> = Promise.resolve();
function load(name: string, entrypoint: string): Promise<Handler> {
	const loaded = turn.then(async () => {
		handedOver = undefined;
		await import(entrypoint);
		if (!handedOver) throw new Error(`the function ${name} does not call Deno.serve`);
		return handedOver;
	});
	turn = loaded.catch(() => {});
	return loaded;
}

serve(
	{
		port: Number(Deno.env.get('EDGE_FUNCTIONS_PORT')),
		hostname: '127.0.0.1',
		onListen: () => console.log('edge functions are listening')
	},
	async (request: Request, info: unknown) => {
		const name = /^https?:\/\/[^/]*\/([^/?#]*)/.exec(request.url)?.[1] ?? '';
		const entrypoint = Object.hasOwn(entrypoints, name) ? entrypoints[name] : undefined;
		if (entrypoint === undefined)
			return Response.json({ code: 'NOT_FOUND', message: 'Requested function was not found' }, { status: 404 });

		let handler: Handler;
		try {
			let loaded = loading.get(name);
			if (!loaded) loading.set(name, (loaded = load(name, entrypoint)));
			handler = await loaded;
		} catch (error) {
			console.error(`function ${name} failed to start:`, error);
			return Response.json({ code: 'BOOT_ERROR', message: `Function failed to start: ${error}` }, { status: 503 });
		}
		try {
			return await handler(request, info);
		} catch (error) {
			console.error(`function ${name} failed:`, error);
			return Response.json({ code: 'WORKER_ERROR', message: 'Function exited due to an error' }, { status: 500 });
		}
	}
);

// The parent holds our standard input open; when it ends, however it ended, so do we.
for await (const _ of Deno.stdin.readable);
Deno.exit(0);
