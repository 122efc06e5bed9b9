/**
 * Listens to the app's worker: where a click on a push leads, and that a new version waits. The new one takes over when
 * the person says so; then every window of it is drawn anew. Returns what ends it.
 */
export function followWorker(on: {
	onvisit: (where: { workspace: string; conversation: string | null }) => void;
	onupdate: (take: () => void) => void;
}): () => void {
	if (!('serviceWorker' in navigator)) return () => {};
	const { serviceWorker } = navigator;
	const ending = new AbortController();
	const { signal } = ending;
	let taking = false;

	serviceWorker.addEventListener(
		'message',
		({ data }: MessageEvent<{ type?: unknown; url?: unknown } | null>) => {
			if (data?.type !== 'visit' || typeof data.url !== 'string') return;
			// A path of our own and nothing else, whoever sent it.
			const [, workspace, conversation] =
				/^\/([a-z0-9-]+)\/(?:inbox\/([0-9a-f-]{36})|settings\/notifications)$/.exec(data.url) ?? [];
			if (workspace) on.onvisit({ workspace, conversation: conversation ?? null });
		},
		{ signal }
	);
	serviceWorker.addEventListener('controllerchange', () => taking && location.reload(), { signal });

	const offer = (registration: ServiceWorkerRegistration) => {
		// The first one ever replaces nothing.
		if (!registration.waiting || !serviceWorker.controller) return;
		on.onupdate(() => {
			taking = true;
			registration.waiting?.postMessage('take over');
		});
	};
	void serviceWorker.ready.then((registration) => {
		if (signal.aborted) return;
		offer(registration);
		registration.addEventListener(
			'updatefound',
			() => registration.installing?.addEventListener('statechange', () => offer(registration), { signal }),
			{ signal }
		);
		const timer = setInterval(() => void registration.update().catch(() => undefined), 30 * 60_000);
		signal.addEventListener('abort', () => clearInterval(timer));
	});
	return () => ending.abort();
}
