import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
	at: number;
	raw: string;
	signature: string;
	body: WebhookBody;
}

export interface WebhookBody {
	object: string;
	entry: { id: string; time?: number; changes: { field: string; value: Value }[] }[];
}

export interface Value {
	metadata: { phone_number_id: string; display_phone_number: string };
	contacts?: { wa_id: string; user_id: string; profile: { name: string; username?: string } }[];
	messages?: (Record<string, unknown> & { id: string; type: string })[];
	statuses?: Status[];
}

export interface Status {
	id: string;
	status: string;
	timestamp: string;
	recipient_id: string;
	recipient_user_id?: string;
	biz_opaque_callback_data?: string;
	pricing?: Record<string, unknown>;
	errors?: { code: number; title: string; error_data: { details: string } }[];
}

/** A webhook door that keeps what arrives and answers as told. */
export interface Door {
	url: string;
	arrivals: Arrival[];
	/** Status codes for the next posts, then 200. */
	answers: number[];
	statuses(): Status[];
	messages(): NonNullable<Value['messages']>;
	/** Every change, of whatever field. */
	changes(): { field: string; value: Value & Record<string, unknown> }[];
	close(): Promise<void>;
}

export async function openDoor(): Promise<Door> {
	const arrivals: Arrival[] = [];
	const answers: number[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const raw = Buffer.concat(chunks).toString('utf8');
			arrivals.push({
				at: performance.now(),
				raw,
				signature: String(request.headers['x-hub-signature-256']),
				body: JSON.parse(raw) as WebhookBody
			});
			response.writeHead(answers.shift() ?? 200).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const values = (): Value[] =>
		arrivals.flatMap(({ body }) => body.entry.flatMap(({ changes }) => changes.map(({ value }) => value)));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/functions/v1/whatsapp`,
		arrivals,
		answers,
		statuses: () => values().flatMap((value) => value.statuses ?? []),
		messages: () => values().flatMap((value) => value.messages ?? []),
		changes: () =>
			arrivals.flatMap(({ body }) =>
				body.entry.flatMap(({ changes }) =>
					changes.map(({ field, value }) => ({ field, value: value as Value & Record<string, unknown> }))
				)
			),
		async close() {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		}
	};
}
