import { createHmac, randomBytes } from 'node:crypto';
import type { StackFacts } from '../stack/facts.ts';

/** A webhook body with one text message, as Meta sends most of them. `wamid` is new each time. */
export const textBody = (facts: StackFacts, from: string, text: string, wamid = newWamid()): string =>
	messageBody(facts, from, { type: 'text', text: { body: text } }, wamid);

/** A webhook body with one message of any kind. */
export function messageBody(facts: StackFacts, from: string, message: object, wamid = newWamid()): string {
	const timestamp = String(Math.floor(Date.now() / 1000));
	return body(facts, {
		contacts: [{ profile: { name: 'Cliente de teste' }, wa_id: from }],
		messages: [{ from, id: wamid, timestamp, ...message }]
	});
}

/** A webhook body with one status of a message of ours. */
export function statusBody(facts: StackFacts, to: string, wamid: string, status: object): string {
	const timestamp = String(Math.floor(Date.now() / 1000));
	return body(facts, { statuses: [{ id: wamid, recipient_id: to, timestamp, ...status }] });
}

function body(facts: StackFacts, value: object): string {
	return JSON.stringify({
		object: 'whatsapp_business_account',
		entry: [
			{
				id: '102290129340398',
				changes: [
					{
						value: {
							messaging_product: 'whatsapp',
							metadata: { display_phone_number: '551130030001', phone_number_id: facts.whatsapp.phone_number_id },
							...value
						},
						field: 'messages'
					}
				]
			}
		]
	});
}

export const newWamid = () => `wamid.HBgM${randomBytes(24).toString('base64')}`;

/** A phone of the load's own people: `n` of them, over and over. */
export const phone = (i: number, people: number) => `55119${String(80_000_000 + (i % people))}`;

/** The signed request for a body, as bytes on the wire. */
export function signedRequest(facts: StackFacts, body: string): Buffer {
	const url = new URL(facts.whatsapp.webhook_url);
	const bytes = Buffer.from(body);
	const signature = createHmac('sha256', facts.whatsapp.app_secret).update(bytes).digest('hex');
	const head =
		`POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n` +
		`content-length: ${bytes.length}\r\nx-hub-signature-256: sha256=${signature}\r\n\r\n`;
	return Buffer.concat([Buffer.from(head), bytes]);
}
