import { uuid, type Company, type Person } from '../people.ts';
import { ROLES, THREADS, type Role, type Thread } from './matrix.ts';

export const COMPANIES = ['padaria', 'oficina'] as const;

/** Rows of which a company has one, found by their name. */
// prettier-ignore
export const SINGLE = [
	'team', 'channel', 'webhook', 'template',
	'attribute', 'filter', 'tag',
	'role', 'invitation',
	'macro', 'own_macro', 'batch', 'rule',
	'flow', 'flow_version', 'flow_replay', 'module',
	'ai_agent', 'ai_version', 'ai_document', 'ai_case', 'ai_run',
	'holiday',
	'canned', 'canned_team', 'canned_own'
] as const;

export const STAFF: Record<Company, Record<Role, Person>> = {
	padaria: { admin: 'ana', supervisor: 'sofia', agent: 'caio', teammate: 'duda', viewer: 'vera', analyst: 'aline' },
	oficina: { admin: 'bruno', supervisor: 'silvia', agent: 'edu', teammate: 'gabi', viewer: 'vitor', analyst: 'alex' }
};

export interface Somebody {
	name: Person | 'visitor';
	company: Company | null;
	role: Role | null;
}

/** Both companies' people, one with an account and no company, and somebody who is not signed in. */
export const EVERYBODY: readonly Somebody[] = [
	...COMPANIES.flatMap((company) => ROLES.map((role) => ({ name: STAFF[company][role], company, role }))),
	{ name: 'olga', company: null, role: null },
	{ name: 'visitor', company: null, role: null }
];

/** The ids that stand for one conversation. */
export const threadIds = (company: Company, thread: Thread) => ({
	contact: uuid(`${company} ${thread} contact`),
	double: uuid(`${company} ${thread} double`),
	merge: uuid(`${company} ${thread} merge`),
	thread: uuid(`${company} ${thread} thread`),
	question: uuid(`${company} ${thread} question`),
	answer: uuid(`${company} ${thread} answer`),
	scheduled: uuid(`${company} ${thread} scheduled`),
	note: uuid(`${company} ${thread} note`),
	fact: uuid(`${company} ${thread} fact`),
	ai_turn: uuid(`${company} ${thread} ai_turn`)
});

/** The uuid of a row of a company by its name: a person's role, `tenant`, `team`, `channel`, or a part of the thread `label`. */
export function idOf(company: Company, label: string, name: string): string {
	if (name in STAFF[company]) return uuid(STAFF[company][name as Role]);
	if (name === 'tenant') return uuid(company);
	if ((SINGLE as readonly string[]).includes(name)) return uuid(`${company} ${name}`);
	return threadIds(company, label as Thread)[name as keyof ReturnType<typeof threadIds>];
}

/** Every known uuid, with whose row it is: `padaria agent`. */
export const LABELS: ReadonlyMap<string, { company: Company; label: string }> = new Map(
	COMPANIES.flatMap((company) => [
		...ROLES.map((role) => [uuid(STAFF[company][role]), { company, label: role as string }] as const),
		...['tenant', ...SINGLE].map((name) => [idOf(company, '', name), { company, label: name }] as const),
		...THREADS.flatMap((thread) =>
			Object.values(threadIds(company, thread)).map((id) => [id, { company, label: thread as string }] as const)
		)
	])
);

/** The files of one conversation in bucket `media`. What an answer sent, the teammate had uploaded, whoever has the thread. */
export function filePath(company: Company, thread: Thread, part: 'file' | 'thumbnail' | 'sent'): string {
	if (part === 'sent') return `${uploadsOf(company, 'teammate')}/${uuid(`${company} ${thread} sent`)}/sent.pdf`;
	return `${uuid(company)}/${threadIds(company, thread).question}/${part}.webp`;
}

/** Canned responses: everybody's, the team's, the agent's own. */
export const CANNED_NAMES = ['canned', 'canned_team', 'canned_own'] as const;

/** The file of a canned response. The supervisor had uploaded it, whoever's the response is. */
export const cannedPath = (company: Company, name: (typeof CANNED_NAMES)[number]) =>
	`${uploadsOf(company, 'supervisor')}/${uuid(`${company} ${name} file`)}/tabela.pdf`;

/** What somebody has uploaded and not sent. */
export const draftPath = (company: Company, role: Role) =>
	`${uploadsOf(company, role)}/${uuid(`${company} ${role} draft`)}/draft.png`;

export const uploadsOf = (company: Company, role: Role) => `${uuid(company)}/uploads/${uuid(STAFF[company][role])}`;

/** Somebody's files in bucket `avatars`: the picture in their membership, and one that no membership shows. */
export const avatarPath = (company: Company, role: Role, part: 'shown' | 'draft') =>
	`${uuid(STAFF[company][role])}/${uuid(`${company} ${role} ${part} avatar`)}.webp`;
