import { z } from 'zod';
import { act } from '../customer/act.ts';
import { parseInbound } from '../customer/inbound.ts';
import { played, readNow, readSoon } from '../sending/delivery.ts';
import { chatKey } from '../state/message.ts';
import { NotThere } from './call.ts';
import { addHistory, historySchema } from './history.ts';
import { business, customer, shown } from './named.ts';
import type { Route } from './route.ts';

const place = z.strictObject({ phone_number_id: z.string(), customer: z.string() });

/** What a customer does on the phone, and what the phone shows. */
export const chatRoutes: readonly Route[] = [
	{ method: 'GET', pattern: /^\/chats$/, run: ({ world }) => world.chats.list() },
	{
		method: 'GET',
		pattern: /^\/chats\/([^/]+)\/([^/]+)$/,
		run(call) {
			const [number = '', id = ''] = call.params;
			const chat = chatKey(business(call, number).phone_number_id, customer(call, id).id);
			return {
				chat,
				window: call.world.chats.window(chat, call.world.clock.now()),
				messages: call.world.chats.of(chat)
			};
		}
	},
	{
		method: 'POST',
		pattern: /^\/inbound$/,
		creates: true,
		run(call) {
			const inbound = parseInbound(call.body);
			const { id, customer: from } = act(
				call.world,
				business(call, inbound.common.phone_number_id),
				call.base,
				inbound
			);
			return { id, customer: shown(call, from), message: id === null ? null : call.world.chats.get(id) };
		}
	},
	{
		method: 'POST',
		pattern: /^\/history$/,
		creates: true,
		run(call) {
			const given = historySchema.parse(call.body);
			return { added: addHistory(call.world, business(call, given.phone_number_id), given) };
		}
	},
	{
		method: 'POST',
		pattern: /^\/read$/,
		run(call) {
			const given = place.parse(call.body);
			return {
				read: readNow(
					call.world,
					chatKey(business(call, given.phone_number_id).phone_number_id, customer(call, given.customer).id)
				)
			};
		}
	},
	{
		method: 'POST',
		pattern: /^\/played$/,
		run(call) {
			const message = call.world.chats.get(z.strictObject({ message_id: z.string() }).parse(call.body).message_id);
			if (!message || message.direction !== 'out') throw new NotThere('no such message from a business');
			return { played: played(call.world, message) };
		}
	},
	{
		method: 'POST',
		pattern: /^\/look$/,
		run(call) {
			const given = z
				.strictObject({ listener: z.string(), phone_number_id: z.string().nullable(), customer: z.string().nullable() })
				.parse(call.body);
			const chat =
				given.phone_number_id === null || given.customer === null
					? null
					: chatKey(given.phone_number_id, customer(call, given.customer).id);
			const listening = call.world.events.look(given.listener, chat);
			if (listening && chat !== null) readSoon(call.world, chat);
			return { listening };
		}
	},
	{
		method: 'GET',
		pattern: /^\/media\/(\d+)$/,
		run({ world, params, response }) {
			const media = world.media.get(params[0] ?? '');
			const bytes = media && world.media.bytes(media.id);
			if (!media || !bytes) throw new NotThere('the file is gone');
			response.writeHead(200, {
				'content-type': media.mime_type,
				'content-length': bytes.length,
				'x-content-type-options': 'nosniff',
				'cache-control': 'private, max-age=3600',
				'content-security-policy': "default-src 'none'; sandbox"
			});
			response.end(bytes);
		}
	}
];
