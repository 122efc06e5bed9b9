import { VAPID_PUBLIC_KEY } from '$app/env/public';
import type { Session } from '../auth/session.svelte.ts';

/** What this browser can do about pushes, and what it does. */
export type PushState = 'unsupported' | 'install' | 'denied' | 'off' | 'on';

const capable = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** Safari on a phone pushes only to a page that was put on the home screen. */
const needsInstall = () =>
	/iPhone|iPad/.test(navigator.userAgent) &&
	!matchMedia('(display-mode: standalone)').matches &&
	!('PushManager' in window);

/** The registration, when a service worker stands; null where there is none. */
async function registration(): Promise<ServiceWorkerRegistration | null> {
	return (await navigator.serviceWorker.getRegistration()) ?? null;
}

/** How it stands on this device. */
export async function pushState(): Promise<PushState> {
	if (needsInstall()) return 'install';
	if (!capable() || VAPID_PUBLIC_KEY === '') return 'unsupported';
	if (Notification.permission === 'denied') return 'denied';
	const subscription = await (await registration())?.pushManager.getSubscription();
	return subscription && Notification.permission === 'granted' ? 'on' : 'off';
}

/** The bytes of a key as the browser wants them. */
export function keyBytes(base64url: string): Uint8Array<ArrayBuffer> {
	const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
	return Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
}

/** A device by its browser and system: `Chrome · Windows`. */
export function deviceLabel(userAgent: string): string {
	const browser = [
		['Edg/', 'Edge'],
		['OPR/', 'Opera'],
		['Firefox/', 'Firefox'],
		['Chrome/', 'Chrome'],
		['Safari/', 'Safari']
	].find(([mark]) => userAgent.includes(mark ?? ''))?.[1];
	const system = [
		['Android', 'Android'],
		['iPhone', 'iPhone'],
		['iPad', 'iPad'],
		['Windows', 'Windows'],
		['Mac OS X', 'Mac'],
		['CrOS', 'ChromeOS'],
		['Linux', 'Linux']
	].find(([mark]) => userAgent.includes(mark ?? ''))?.[1];
	return [browser, system].filter(Boolean).join(' · ');
}

/** Asks for the permission (only ever on a click) and keeps this device. Answers how it stands then. */
export async function enablePush(session: Session, tenantId: string): Promise<PushState> {
	if ((await Notification.requestPermission()) !== 'granted') return pushState();
	const worker = await navigator.serviceWorker.ready;
	const subscription = await worker.pushManager.subscribe({
		userVisibleOnly: true,
		applicationServerKey: keyBytes(VAPID_PUBLIC_KEY)
	});
	const { endpoint, keys } = subscription.toJSON();
	await session.client
		.rpc('save_push_device', {
			tenant_id: tenantId,
			endpoint: endpoint ?? '',
			p256dh: keys?.['p256dh'] ?? '',
			auth: keys?.['auth'] ?? '',
			label: deviceLabel(navigator.userAgent)
		})
		.throwOnError();
	return 'on';
}

/** Nothing is pushed to this device any more, in any workspace. */
export async function disablePush(session: Session, tenantId: string): Promise<void> {
	const subscription = await (await registration())?.pushManager.getSubscription();
	if (!subscription) return;
	await session.client
		.rpc('forget_push_device', { tenant_id: tenantId, endpoint: subscription.endpoint })
		.throwOnError();
	await subscription.unsubscribe();
}
