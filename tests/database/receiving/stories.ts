import fc from 'fast-check';
import type { Event, Identity, Message, Person, Status } from '../../../core/src/whatsapp/events.ts';

/** The moment stories begin: long enough ago that no clock of ours comes into them. */
const BEGINNING = Date.parse('2026-10-02T12:00:00Z');

const phone = (value: string, address = value): Identity => ({ kind: 'phone', value, address });
const bsuid = (value: string): Identity => ({ kind: 'bsuid', value, address: value });
const parent = (value: string): Identity => ({ kind: 'parent_bsuid', value, address: value });

/** Customers, each with the ways in which events may name them. */
const CUSTOMERS: readonly (readonly Identity[][])[] = [
	[[phone('5511987650001')], [phone('5511987650001', '551187650001')]],
	[[bsuid('BR.2')]],
	[[phone('5511987650003')], [bsuid('BR.3')], [phone('5511987650003'), bsuid('BR.3')]],
	[[bsuid('BR.4')], [bsuid('BR.4'), parent('BR.ENT.4')], [phone('5511987650004'), parent('BR.ENT.4')]]
];
const NAMES = ['Maria', 'Maria S.', null] as const;
const USERNAMES = ['maria', 'maria.souza', null] as const;

const WORDS = [
	'text',
	'text',
	'text',
	'reply',
	'image',
	'media',
	'answer',
	'reaction',
	'edit',
	'revoke',
	'echo',
	'history'
] as const;
const FACTS = ['status', 'status', 'identity', 'preference', 'account'] as const;

const step = fc.record({
	what: fc.constantFrom(...WORDS, ...FACTS),
	customer: fc.nat(CUSTOMERS.length - 1),
	naming: fc.nat(2),
	name: fc.constantFrom(...NAMES),
	username: fc.constantFrom(...USERNAMES),
	minute: fc.nat(20),
	about: fc.nat(40),
	choice: fc.nat(4)
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Mostly what most traffic is: people who are known write once more. */
const ordinaryStep = step.map((any): Step => ({
	...any,
	what: any.choice === 0 ? any.what : 'text',
	naming: 0,
	name: 'Maria',
	username: null
}));

/** A few customers' traffic with one company, in the order in which it happened to be written down. */
export const story: fc.Arbitrary<Event[]> = fc
	.oneof(fc.array(step, { minLength: 3, maxLength: 28 }), fc.array(ordinaryStep, { minLength: 20, maxLength: 40 }))
	.map(tell);

function tell(steps: Step[]): Event[] {
	const said: Message[] = [];
	return steps.flatMap((step, index): Event[] => {
		const place = { phone_number_id: 'any', waba_id: 'any' };
		const namings = CUSTOMERS[step.customer] ?? [];
		const person: Person = {
			identities: namings[step.naming % namings.length] ?? [],
			name: step.name,
			username: step.username
		};
		const at = new Date(BEGINNING + step.minute * 60_000).toISOString();
		// No two versions of one message in one second: Meta's clock has no more to tell them apart.
		const later = new Date(BEGINNING + 3_600_000 + index * 1000).toISOString();
		const own = said.filter(({ external_id }) => external_id.startsWith(`${step.customer}:`));
		const pick = (from: Message[]) => from[step.about % Math.max(from.length, 1)];
		const base = { type: 'message' as const, ...place, ...person, free_entry_point: false, history_status: null };
		const inbound = {
			...base,
			direction: 'in' as const,
			author: 'contact' as const,
			sent_at: at,
			opens_window: true,
			counts_unread: true
		};
		const id = `${step.customer}:${index}`;
		const keep = (message: Message): Event[] => {
			said.push(message);
			return [message];
		};

		switch (step.what) {
			case 'text':
			case 'reply':
			case 'image': {
				const quoted = step.what === 'reply' ? (pick(own)?.external_id ?? null) : null;
				const body = step.what === 'image' ? '' : `text ${step.choice}`;
				const content = (
					step.what === 'image' ? { kind: 'image', id: String(index) } : { kind: 'text', text: body }
				) as Message['content'];
				return keep({ ...inbound, external_id: id, kind: content.kind, content, body, target_external_id: quoted });
			}
			case 'media': {
				const kind = (['audio', 'video', 'document', 'sticker', 'location'] as const)[step.choice] ?? 'audio';
				const content = (kind === 'location'
					? { kind, latitude: -23.5, longitude: -46.6 }
					: { kind, media_id: String(index), caption: 'c' }) as unknown as Message['content'];
				return keep({ ...inbound, external_id: id, kind, content, body: 'c', target_external_id: null });
			}
			case 'answer': {
				const kind = (['interactive', 'button', 'order', 'contacts', 'unsupported'] as const)[step.choice] ?? 'button';
				const content = { kind, text: `answer ${step.choice}` } as unknown as Message['content'];
				return keep({
					...inbound,
					external_id: id,
					kind,
					content,
					body: `answer ${step.choice}`,
					target_external_id: kind === 'order' ? null : (pick(own)?.external_id ?? null)
				});
			}
			case 'echo': {
				const content = { kind: 'text', text: `echo ${step.choice}` } as Message['content'];
				return keep({
					...inbound,
					direction: 'out',
					author: 'agent',
					name: null,
					username: null,
					external_id: id,
					kind: 'text',
					content,
					body: `echo ${step.choice}`,
					target_external_id: null,
					opens_window: false,
					counts_unread: false
				});
			}
			case 'history': {
				const out = step.choice % 2 === 0;
				const content = { kind: 'text', text: `old ${step.choice}` } as Message['content'];
				return [
					{
						...inbound,
						direction: out ? 'out' : 'in',
						author: out ? 'agent' : 'contact',
						name: null,
						username: null,
						external_id: id,
						kind: 'text',
						content,
						body: `old ${step.choice}`,
						target_external_id: null,
						opens_window: false,
						counts_unread: false,
						history_status: out ? 'delivered' : 'read'
					}
				];
			}
			case 'reaction': {
				const target = pick(own);
				if (!target) return [];
				const content = { kind: 'reaction', emoji: '👍', target: target.external_id } as unknown as Message['content'];
				return [
					{
						...inbound,
						external_id: id,
						kind: 'reaction',
						content,
						body: '👍',
						target_external_id: target.external_id,
						counts_unread: false
					}
				];
			}
			case 'edit':
			case 'revoke': {
				const target = pick(own.filter(({ direction, kind }) => direction === 'in' && kind === 'text'));
				if (!target) return [];
				const text = `better ${step.choice}`;
				const content = (step.what === 'edit'
					? { kind: 'edit', target: target.external_id, message: { kind: 'text', text } }
					: { kind: 'revoke', target: target.external_id }) as unknown as Message['content'];
				return [
					{
						...inbound,
						external_id: id,
						kind: step.what,
						content,
						body: step.what === 'edit' ? text : '',
						sent_at: later,
						target_external_id: target.external_id,
						counts_unread: false,
						opens_window: step.what === 'edit'
					}
				];
			}
			case 'status': {
				const target = pick(own.filter(({ direction }) => direction === 'out'));
				if (!target) return [];
				const status = (['sent', 'delivered', 'read', 'failed', 'played'] as const)[step.choice] ?? 'sent';
				const error = status === 'failed' ? { code: 131026, title: 'Message undeliverable', details: null } : null;
				return [
					{
						type: 'status',
						...place,
						...person,
						name: null,
						username: null,
						external_id: target.external_id,
						status,
						at: later,
						opaque: null,
						error,
						pricing: pricingOf(step, status)
					}
				];
			}
			case 'identity':
				return [{ type: 'identity', ...place, ...person, identities: namings.flat().filter(unlike), at, detail: null }];
			case 'preference':
				return [
					{
						type: 'preference',
						...place,
						...person,
						category: 'marketing_messages',
						value: step.choice % 2 ? 'stop' : 'resume',
						at
					}
				];
			case 'account':
				return [
					{
						type: 'account',
						phone_number_id: step.choice % 2 ? 'any' : null,
						waba_id: 'any',
						field: 'account_update',
						payload: { event: step.choice },
						at
					}
				];
		}
	});
}

/** What Meta tells of a price: with `sent` and `delivered`, sometimes of no type, and before July 2025 by conversation. */
function pricingOf({ about, choice }: Step, status: Status['status']): object | null {
	if (status !== 'sent' && status !== 'delivered') return null;
	const category = about % 3 === 0 ? 'utility' : 'service';
	const type = (['regular', 'free_customer_service', 'free_entry_point', undefined] as const)[(about + choice) % 4];
	return { pricing_model: 'PMP', category, ...(type && { type, billable: type === 'regular' }) };
}

const unlike = (identity: Identity, index: number, all: Identity[]) =>
	all.findIndex(({ kind, value }) => kind === identity.kind && value === identity.value) === index;
