export interface Route {
	/** What the path begins with, and what is taken off before the service sees it. */
	prefix: string;
	service: 'rest' | 'auth' | 'storage' | 'realtime' | 'functions';
	/** Whether the gateway itself asks for an API key; the other doors decide for themselves. */
	keyRequired: boolean;
	/** Whether `?apikey=` is taken out of the address: to REST it would look like a filter. */
	hidesKey?: boolean;
	/** Largest announced body in bytes; a service may be stricter. */
	bodyLimit: number;
}

const MB = 1024 * 1024;

const ROUTES: Route[] = [
	{ prefix: '/rest/v1', service: 'rest', keyRequired: true, hidesKey: true, bodyLimit: 100 * MB },
	{ prefix: '/auth/v1', service: 'auth', keyRequired: true, bodyLimit: MB },
	{ prefix: '/realtime/v1', service: 'realtime', keyRequired: true, bodyLimit: 10 * MB },
	// public objects and signed addresses are opened without a key
	{ prefix: '/storage/v1', service: 'storage', keyRequired: false, bodyLimit: 5 * 1024 * MB },
	// webhooks come from strangers
	{ prefix: '/functions/v1', service: 'functions', keyRequired: false, bodyLimit: 100 * MB }
];

/** Links in mails lead people here, and they carry no key. */
const OPEN = /^\/auth\/v1\/(verify|callback|authorize|\.well-known\/.*)$/;

/** The route a path belongs to. */
export function findRoute(pathname: string): Route | undefined {
	const route = ROUTES.find(({ prefix }) => pathname === prefix || pathname.startsWith(`${prefix}/`));
	return route && OPEN.test(pathname) ? { ...route, keyRequired: false } : route;
}
