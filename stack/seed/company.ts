import { phoneKey } from '@prosa/core/whatsapp/phone.ts';
import type { Line } from './dialogue.ts';
import type { Person } from './names.ts';
import type { Random } from './random.ts';
import type { ContactRow, IdentityRow, Rows } from './rows.ts';
import { writeThread, type Agent, type Thread, type ThreadPlan } from './thread.ts';

export interface Company {
	tenant_id: string;
	channel_id: string;
	teams: { id: string; members: Agent[] }[];
	agents: Agent[];
	people: Person[];
	dialogues: Line[][];
	/** How many of the people have a conversation that is open now. */
	open: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How far back the history goes. */
const WEEKS = 5;

/** Some weeks of a company's life: its contacts and their conversations, past ones closed, some of today's open. */
export function writeCompany(company: Company, now: Date, random: Random): Rows {
	const rows: Rows = { contacts: [], identities: [], conversations: [], messages: [], events: [] };
	const withOpen = new Set(random.shuffle(company.people).slice(0, company.open));

	company.people.forEach((person, index) => {
		const contactId = random.uuid();
		const contact = { id: contactId, name: person.name };
		const threads: Thread[] = [];
		for (const daysAgo of pastDays(random))
			threads.push(writeThread(pastPlan(company, contact, now, daysAgo, random), random));
		if (withOpen.has(person)) threads.push(writeThread(openPlan(company, contact, now, index, random), random));

		const since = new Date(
			Math.min(now.getTime() - DAY, ...threads.map(({ conversation }) => conversation.created_at.getTime()))
		);
		rows.contacts.push(contactRow(company.tenant_id, contactId, person, since));
		rows.identities.push(...identityRows(company.tenant_id, contactId, person, since));
		for (const { conversation, messages, events } of threads) {
			rows.conversations.push(conversation);
			rows.messages.push(...messages);
			rows.events.push(...events);
		}
	});
	return rows;
}

/** On which days somebody wrote, oldest first; few write more than once, and always some days apart. */
function pastDays(random: Random): number[] {
	const count = random.pick([1, 1, 1, 2, 2, 3]);
	const days = new Set<number>();
	while (days.size < count) days.add(random.between(1, (WEEKS * 7) / 3) * 3);
	return [...days].sort((one, other) => other - one);
}

function pastPlan(
	company: Company,
	contact: { id: string; name: string },
	now: Date,
	daysAgo: number,
	random: Random
): ThreadPlan {
	const speaker = random.pick(company.agents);
	return {
		...common(company, contact),
		lines: random.pick(company.dialogues),
		endsAt: new Date(now.getTime() - daysAgo * DAY - random.between(0, 9 * 60) * MINUTE),
		status: 'closed',
		assignee: speaker,
		team_id: random.chance(0.5) ? (random.pick(company.teams)?.id ?? null) : null,
		speaker,
		seen: true
	};
}

/** What an inbox looks like on a working day: new ones nobody has, some waiting, some answered, one that failed, a late one. */
function openPlan(
	company: Company,
	contact: { id: string; name: string },
	now: Date,
	index: number,
	random: Random
): ThreadPlan {
	const dialogue = random.pick(company.dialogues);
	const speaker = random.pick(company.agents);
	const team = random.pick(company.teams);
	const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE);
	const base = { ...common(company, contact), status: 'open' as const, speaker };
	const upTo = (direction: 'in' | 'out') => cut(dialogue, direction, random);

	switch (index % 7) {
		case 0:
		case 1:
			return {
				...base,
				lines: opening(dialogue),
				endsAt: ago(random.between(1, 45)),
				assignee: null,
				team_id: null,
				seen: false
			};
		case 2:
			return {
				...base,
				lines: upTo('in'),
				endsAt: ago(random.between(2, 90)),
				assignee: speaker,
				team_id: null,
				seen: false
			};
		case 3:
			return {
				...base,
				lines: upTo('out'),
				endsAt: ago(random.between(10, 400)),
				assignee: speaker,
				team_id: null,
				seen: true
			};
		case 4:
			return {
				...base,
				lines: upTo('in'),
				endsAt: ago(random.between(5, 200)),
				assignee: null,
				team_id: team.id,
				seen: random.chance(0.5)
			};
		case 5:
			// The window has closed: only a template would reach them.
			return {
				...base,
				lines: upTo('in'),
				endsAt: ago(random.between(26, 60) * 60),
				assignee: speaker,
				team_id: null,
				seen: true
			};
		default:
			return {
				...base,
				lines: upTo('out'),
				endsAt: ago(random.between(20, 300)),
				assignee: speaker,
				team_id: team.id,
				seen: true,
				failed: true
			};
	}
}

function common({ tenant_id, channel_id }: Company, contact: { id: string; name: string }) {
	return { tenant_id, channel_id, contact };
}

/** What the customer said before anybody answered. */
function opening(lines: Line[]): Line[] {
	const answer = lines.findIndex(({ direction }) => direction === 'out');
	return answer === -1 ? lines : lines.slice(0, answer);
}

/** The dialogue up to some line of that direction, never a reaction. */
function cut(lines: Line[], direction: 'in' | 'out', random: Random): Line[] {
	const ends = lines.flatMap((line, index) =>
		index > 0 && line.direction === direction && line.kind !== 'reaction' ? [index] : []
	);
	return ends.length === 0 ? lines.slice(0, direction === 'in' ? 1 : 2) : lines.slice(0, random.pick(ends) + 1);
}

function contactRow(tenant_id: string, id: string, person: Person, since: Date): ContactRow {
	const phone = person.phone === null ? null : phoneKey(person.phone);
	return {
		id,
		tenant_id,
		name: person.name,
		username: person.username ?? null,
		phone,
		created_at: since,
		updated_at: since
	};
}

function identityRows(tenant_id: string, contact_id: string, { phone, bsuid }: Person, since: Date): IdentityRow[] {
	const common = { tenant_id, contact_id, created_at: since };
	const key = phone === null ? null : phoneKey(phone);
	return [
		...(phone !== null && key !== null ? [{ ...common, kind: 'phone' as const, value: key, address: phone }] : []),
		...(bsuid ? [{ ...common, kind: 'bsuid' as const, value: bsuid, address: bsuid }] : [])
	];
}
