import http from 'node:http';
import type net from 'node:net';

export interface Call {
	to: string;
	text: string;
	opaque: string;
	context: string | undefined;
	authorization: string | undefined;
}

type Answer = (call: Call, response: http.ServerResponse) => void;

export interface TestGraph {
	url: string;
	/** Every message that arrived, in order. */
	calls: Call[];
	/** Every word that messages were read, in order. */
	receipts: { message_id: string; typing: boolean; authorization: string | undefined }[];
	/** How it answers; at first it accepts everything. */
	answer: Answer;
	close(): Promise<void>;
}

/** A Graph API on a free port that answers as a test says. */
export async function startTestGraph(): Promise<TestGraph> {
	const calls: Call[] = [];
	const receipts: TestGraph['receipts'] = [];
	const server = http.createServer((request, response) => {
		let body = '';
		request
			.on('data', (chunk) => (body += chunk))
			.on('end', () => {
				const message = JSON.parse(body);
				if (message.status === 'read') {
					const { authorization } = request.headers;
					receipts.push({ message_id: message.message_id, typing: 'typing_indicator' in message, authorization });
					response.end(JSON.stringify({ success: true }));
					return;
				}
				const call: Call = {
					to: message.to,
					text: message.text?.body ?? '',
					opaque: message.biz_opaque_callback_data,
					context: message.context?.message_id,
					authorization: request.headers.authorization
				};
				calls.push(call);
				graph.answer(call, response);
			});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const graph: TestGraph = {
		url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
		calls,
		receipts,
		answer: accept,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	};
	return graph;
}

export const accept: Answer = ({ opaque }, response) => {
	response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: `wamid.${opaque}` }] }));
};

export const refuse =
	(status: number, code: number): Answer =>
	(_call, response) =>
		response.writeHead(status).end(JSON.stringify({ error: { code, message: `error ${code}` } }));
