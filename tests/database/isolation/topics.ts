import { ANSWERING_FOLLOWERS, FOLLOWERS, MEMBERS, NONE, ROLES, THREADS, type Reach, type TopicRow } from './matrix.ts';

const OWN = Object.fromEntries(ROLES.map((role) => [role, [role]])) as unknown as Reach;
const READERS: Reach = { ...NONE, admin: 'all', supervisor: 'all', viewer: 'all' };

/** Every kind of realtime topic, with who may listen and who may be present. */
export const TOPICS: Record<string, TopicRow> = {
	conversation: {
		topic: (_tenant, id) => `conversation:${id('thread')}`,
		labels: THREADS,
		joins: FOLLOWERS,
		tracks: FOLLOWERS
	},
	'inbox:all': { topic: (tenant) => `inbox:${tenant}:all`, labels: ['all'], joins: READERS, tracks: NONE },
	'inbox:unassigned': {
		topic: (tenant) => `inbox:${tenant}:unassigned`,
		labels: ['nobody'],
		joins: ANSWERING_FOLLOWERS,
		tracks: NONE
	},
	'inbox:team': {
		topic: (tenant, id) => `inbox:${tenant}:team:${id('team')}`,
		labels: ['team'],
		joins: { ...NONE, teammate: 'all' },
		tracks: NONE
	},
	'inbox:user': {
		topic: (tenant, id, role) => `inbox:${tenant}:user:${id(role)}`,
		labels: ROLES,
		joins: { ...OWN, analyst: 'none' },
		tracks: NONE
	},
	presence: { topic: (tenant) => `presence:${tenant}`, labels: ['all'], joins: MEMBERS, tracks: MEMBERS },
	flow: { topic: (_tenant, id) => `flow:${id('flow')}`, labels: ['flow'], joins: MEMBERS, tracks: MEMBERS },
	user: { topic: (_tenant, id, role) => `user:${id(role)}`, labels: ROLES, joins: OWN, tracks: NONE }
};
