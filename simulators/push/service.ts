import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { DeviceKeys } from './encryption.ts';
import { checkVapid } from './vapid.ts';

/** What a device was shown, with how the push came. */
export interface Arrived {
	payload: unknown;
	ttl: number;
	topic: string | null;
	urgency: string | null;
}

/** How a device's service answers: as it should, that the device is gone, or that one asks too often. */
export type Mood = 'good' | 'gone' | 'missing' | 'busy' | 'broken' | 'forbidden';

const STATUS: Record<Mood, number> = { good: 201, gone: 410, missing: 404, busy: 429, broken: 503, forbidden: 403 };

export interface SimulatedDevice {
	endpoint: string;
	p256dh: string;
	auth: string;
	arrived: Arrived[];
	mood: Mood;
	/** What was wrong with pushes that were refused. */
	faults: string[];
	/** Every request, whatever it was answered. */
	asked: number;
}

/**
 * A push service as browsers have one, played on loopback: gives out addresses and keys, checks every request by
 * RFC 8030, 8291 and 8292, and decrypts with the device's own half of the key.
 */
export async function startPushService(port = 0) {
	const devices = new Map<string, SimulatedDevice & { keys: DeviceKeys; applicationKey: string }>();
	let origin = '';

	const take = async (request: IncomingMessage, response: ServerResponse) => {
		const device = devices.get(request.url ?? '');
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		if (!device || request.method !== 'POST') return void response.writeHead(404).end();
		device.asked++;
		if (device.mood !== 'good') {
			const headers = device.mood === 'busy' ? { 'retry-after': '7' } : {};
			return void response.writeHead(STATUS[device.mood], headers).end();
		}
		try {
			const key = checkVapid(request.headers.authorization, origin);
			if (key !== device.applicationKey) throw new Error('the device subscribed to another key');
			if (request.headers['content-encoding'] !== 'aes128gcm') throw new Error('the body is not aes128gcm');
			const ttl = Number(request.headers['ttl']);
			if (!Number.isInteger(ttl) || ttl < 0) throw new Error('there is no ttl');
			const topic = String(request.headers['topic'] ?? '') || null;
			if (topic !== null && !/^[\w-]{1,32}$/.test(topic)) throw new Error('the topic is no base64url of 32 at most');
			const urgency = String(request.headers['urgency'] ?? '') || null;
			const payload: unknown = JSON.parse(device.keys.decrypt(Buffer.concat(chunks)));
			device.arrived.push({ payload, ttl, topic, urgency });
			response.writeHead(201, { location: `${origin}/message/${randomUUID()}` }).end();
		} catch (error) {
			device.faults.push(error instanceof Error ? error.message : String(error));
			response.writeHead(400).end();
		}
	};

	const server = createServer((request, response) => void take(request, response));
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	const address = server.address();
	origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;

	return {
		origin,
		/** A browser subscribes, for whoever holds this key. */
		subscribe(applicationKey: string): SimulatedDevice {
			const keys = new DeviceKeys();
			const path = `/push/${randomUUID()}`;
			const device = {
				endpoint: origin + path,
				p256dh: keys.p256dh,
				auth: keys.auth.toString('base64url'),
				arrived: [],
				mood: 'good' as Mood,
				faults: [],
				asked: 0,
				keys,
				applicationKey
			};
			devices.set(path, device);
			return device;
		},
		stop: () =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}
