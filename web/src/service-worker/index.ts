/*
 * The app's own worker in the browser: shows pushes, opens what they are about, and keeps the shell. It caches built
 * files alone, whose names change with their content, and one page that says that there is no connection. No page drawn
 * for a person and no answer of the API is ever kept here.
 */
import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { self } from '$app/service-worker';

const current = `shell-${version}`;
const offline = '/offline.html';
const kept = new Set([...immutable, ...assets].map(({ path }) => (path.startsWith('/') ? path : `/${path}`)));
/** Fonts and pictures come when they are asked for; code must be there although a deploy has taken it off the server. */
const ahead = [...kept].filter(
	(path) => /\.(js|css)$/.test(path) || [offline, '/favicon.svg', '/icon-192.png'].includes(path)
);

self.addEventListener('install', (event) => {
	event.waitUntil(caches.open(current).then((cache) => Promise.allSettled(ahead.map((path) => cache.add(path)))));
});

self.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			// Other tabs may still run the version before: its files stay until the next one comes.
			const shells = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== current);
			await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)));
			await self.clients.claim();
		})()
	);
});

self.addEventListener('message', (event) => {
	if (event.data === 'take over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== location.origin) return;
	if (request.mode === 'navigate') {
		event.respondWith(fetch(request).catch(async () => (await caches.match(offline)) ?? Response.error()));
		return;
	}
	if (!kept.has(url.pathname) && !url.pathname.startsWith('/_app/immutable/')) return;
	event.respondWith(
		(async () => {
			const known = await caches.match(request);
			if (known) return known;
			const answer = await fetch(request);
			if (answer.ok && kept.has(url.pathname)) {
				const cache = await caches.open(current);
				await cache.put(request, answer.clone());
			}
			return answer;
		})()
	);
});

interface Pushed {
	title: string;
	body: string;
	tag: string;
	url: string;
}

self.addEventListener('push', (event) => {
	event.waitUntil(
		(async () => {
			const { title, body, tag, url } = event.data?.json() as Pushed;
			const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
			// Whoever looks at the app has its toast already.
			if (tag !== 'test' && windows.some(({ focused }) => focused)) return;
			await self.registration.showNotification(title, {
				body,
				tag,
				icon: '/icon-192.png',
				badge: '/icon-badge.png',
				data: { url }
			});
		})()
	);
});

self.addEventListener('notificationclick', (event) => {
	event.notification.close();
	const { url } = event.notification.data as { url: string };
	event.waitUntil(
		(async () => {
			const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
			const [open] = windows;
			if (!open) {
				await self.clients.openWindow(url);
				return;
			}
			// First what matters: a browser may refuse to bring a window to the front.
			open.postMessage({ type: 'visit', url });
			await open.focus().catch(() => undefined);
		})()
	);
});
