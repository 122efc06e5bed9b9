import { z } from 'zod';
import { contactOf } from '../sending/status_report.ts';
import { chatKey } from '../state/message.ts';
import { newWamid } from '../wamid.ts';
import { business } from './named.ts';
import type { ControlCall } from './call.ts';
import type { Route } from './route.ts';

const who = { phone_number_id: z.string(), customer: z.string() };
const echo = z.strictObject({ ...who, text: z.string().min(1).max(4_096) });
const past = z.strictObject({
	...who,
	count: z.number().int().min(1).max(500).default(20),
	days: z.number().min(1).max(180).default(30)
});
const call = z.strictObject({
	...who,
	outcome: z.enum(['answered', 'missed', 'rejected']).default('answered'),
	seconds: z.number().int().min(0).max(86_400).default(92)
});
const group = z.strictObject({
	...who,
	group_id: z.string().min(1).max(64).default('grupo-1'),
	text: z.string().min(1).max(4_096)
});

/** Who a call is about, with their number: the things below happen between telephones. */
function pair(control: ControlCall, given: { phone_number_id: string; customer: string }) {
	const number = business(control, given.phone_number_id);
	const { customer: person } = control.world.directory.addressed(given.customer, number);
	const from = person.wa_id ?? '';
	return {
		number,
		person,
		from,
		chat: chatKey(number.phone_number_id, person.id),
		now: Math.floor(control.world.clock.now() / 1000)
	};
}

/** What happens beside the Cloud API: the phone app that shares the number, its past, calls and groups. */
export const coexistenceRoutes: readonly Route[] = [
	{
		// Somebody answers on the phone app: the product hears an echo.
		method: 'POST',
		pattern: /^\/echo$/,
		creates: true,
		run(control) {
			const given = echo.parse(control.body);
			const { number, person, from, chat, now } = pair(control, given);
			const id = newWamid(from || person.id, 'phone');
			control.world.chats.add({
				id,
				chat,
				direction: 'out',
				kind: 'text',
				content: { body: given.text },
				at: control.world.clock.now(),
				status: 'delivered',
				failure: null,
				quoted: null,
				reactions: {},
				edited_at: null,
				revoked_at: null,
				label: null,
				opaque: null,
				addressed_by: 'phone',
				pricing: null,
				category: null,
				history: true
			});
			control.world.outbox.add(number, {
				field: 'smb_message_echoes',
				chat,
				summary: 'echo',
				value: {
					messaging_product: 'whatsapp',
					message_echoes: [
						{
							from: number.display_phone_number,
							to: from,
							id,
							timestamp: String(now),
							type: 'text',
							text: { body: given.text }
						}
					]
				}
			});
			return { id };
		}
	},
	{
		// The app hands over its past, as after connecting a number in coexistence.
		method: 'POST',
		pattern: /^\/history-sync$/,
		creates: true,
		run(control) {
			const given = past.parse(control.body);
			const { number, from, now } = pair(control, given);
			const step = Math.floor((given.days * 86_400) / given.count);
			const messages = Array.from({ length: given.count }, (_, index) => ({
				from: index % 2 === 0 ? from : number.display_phone_number,
				id: newWamid(from, 'phone'),
				timestamp: String(now - (given.count - index) * step),
				type: 'text',
				text: { body: `mensagem antiga ${index + 1}` },
				history_context: { status: 'READ' }
			}));
			control.world.outbox.add(number, {
				field: 'history',
				chat: null,
				summary: `history, ${given.count}`,
				value: {
					messaging_product: 'whatsapp',
					history: [{ metadata: { phase: 0, chunk_order: 1, progress: 100 }, threads: [{ id: from, messages }] }]
				}
			});
			return { messages: messages.length };
		}
	},
	{
		method: 'POST',
		pattern: /^\/call$/,
		creates: true,
		run(control) {
			const given = call.parse(control.body);
			const { number, person, from, chat, now } = pair(control, given);
			const id = `wacid.${newWamid(from || person.id, 'phone').slice(6)}`;
			const base = { id, from, to: number.display_phone_number, direction: 'USER_INITIATED' };
			const answered = given.outcome === 'answered';
			control.world.outbox.add(number, {
				field: 'calls',
				chat,
				summary: `call ${given.outcome}`,
				value: {
					messaging_product: 'whatsapp',
					contacts: [contactOf(person, number)],
					calls: [
						{ ...base, event: 'connect', timestamp: String(now), session: { sdp_type: 'offer', sdp: 'v=0' } },
						{
							...base,
							event: 'terminate',
							timestamp: String(now + (answered ? given.seconds : 0)),
							status: answered ? 'COMPLETED' : given.outcome === 'rejected' ? 'REJECTED' : 'FAILED',
							...(answered && {
								start_time: String(now),
								end_time: String(now + given.seconds),
								duration: given.seconds
							})
						}
					]
				}
			});
			return { id };
		}
	},
	{
		method: 'POST',
		pattern: /^\/group$/,
		creates: true,
		run(control) {
			const given = group.parse(control.body);
			const { number, person, from, now } = pair(control, given);
			const id = newWamid(from || person.id, 'phone');
			control.world.outbox.add(number, {
				field: 'messages',
				chat: null,
				summary: 'group text',
				value: {
					contacts: [contactOf(person, number)],
					messages: [
						{ from, id, timestamp: String(now), type: 'text', text: { body: given.text }, group_id: given.group_id }
					]
				}
			});
			return { id };
		}
	}
];
