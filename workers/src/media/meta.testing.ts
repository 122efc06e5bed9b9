import { createHash } from 'node:crypto';
import http from 'node:http';
import type net from 'node:net';

interface Shelved {
	bytes: Buffer;
	mime_type: string;
	/** What Meta says of it, where that is not the truth. */
	sha256?: string;
	file_size?: number;
}

export interface TestMeta {
	url: string;
	/** What stands on the shelf, by media id. */
	files: Map<string, Shelved>;
	/** Every request, in order: `GET /v26.0/900001`. */
	requests: string[];
	/** The tokens shown, in order. */
	tokens: (string | undefined)[];
	/** What was uploaded, in order. */
	uploads: { type: string; name: string; bytes: Buffer }[];
	/** The messages it was asked to send, in order. */
	sent: Record<string, unknown>[];
	/** Answers instead of the shelf, once each that it says something. */
	interrupt: ((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | null;
	close(): Promise<void>;
}

/** Meta's shelf on a free port: addresses for media ids, the files behind them, and uploads. Addresses are used up at once. */
export async function startTestMeta(): Promise<TestMeta> {
	const server = http.createServer((request, response) => {
		meta.requests.push(`${request.method} ${request.url?.split('?')[0]}`);
		meta.tokens.push(request.headers.authorization);
		if (meta.interrupt?.(request, response)) return;
		void answer(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
	const meta: TestMeta = {
		url,
		files: new Map(),
		requests: [],
		tokens: [],
		uploads: [],
		sent: [],
		interrupt: null,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	};

	async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		const [, first = '', second = ''] = (request.url?.split('?')[0] ?? '').split('/');
		if (request.method === 'POST') {
			return request.url?.endsWith('/messages') ? send(request, response) : upload(request, response);
		}
		const file = meta.files.get(second);
		if (!file) return graphError(response, 400, 100, 'Unsupported get request. Object does not exist');
		if (first === 'files') {
			response.writeHead(200, { 'content-type': file.mime_type, 'content-length': file.bytes.length }).end(file.bytes);
			return;
		}
		response.end(
			JSON.stringify({
				messaging_product: 'whatsapp',
				id: second,
				url: `${url}/files/${second}`,
				mime_type: file.mime_type,
				sha256: file.sha256 ?? createHash('sha256').update(file.bytes).digest('hex'),
				file_size: file.file_size ?? file.bytes.length
			})
		);
	}

	async function send(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		let body = '';
		for await (const chunk of request) body += String(chunk);
		const message = JSON.parse(body) as Record<string, unknown>;
		// A read receipt takes the same way, and is no message.
		if (message.status === 'read') return void response.end('{"success": true}');
		meta.sent.push(message);
		const id = `wamid.${String(message.biz_opaque_callback_data)}`;
		response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id }] }));
	}

	async function upload(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const type = request.headers['content-type'] ?? '';
		const form = await new Response(new Uint8Array(Buffer.concat(chunks)), {
			headers: { 'content-type': type }
		}).formData();
		const file = form.get('file');
		if (!(file instanceof File) || form.get('messaging_product') !== 'whatsapp') {
			return graphError(response, 400, 100, 'The parameter file is required');
		}
		meta.uploads.push({ type: file.type, name: file.name, bytes: Buffer.from(await file.arrayBuffer()) });
		response.end(JSON.stringify({ id: String(700_000 + meta.uploads.length) }));
	}
	return meta;
}

export function graphError(response: http.ServerResponse, status: number, code: number, message: string): void {
	response.writeHead(status).end(JSON.stringify({ error: { code, message } }));
}
