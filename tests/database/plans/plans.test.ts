import { beforeAll, describe, expect, test } from 'vitest';
import { listSql, taggedAnySql, taggedSql, threadSql, threadTableSql } from '../../inbox_questions.ts';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { planOf } from './plan.ts';
import { loadVolume, LONG_THREAD } from './volume.ts';

const database = useDatabase();
beforeAll(() => loadVolume(database), 180_000);

const TENANT = uuid('padaria');

const list = (where: string, order?: string, limit?: number) => listSql(TENANT, where, order, limit);
const tagged = (tag: number, where: string, upTo?: string) =>
	taggedSql(TENANT, uuid(`padaria tag ${tag}`), where, upTo);
const thread = (where: string, order?: string) => threadTableSql(TENANT, LONG_THREAD, where, order);
const monthAgo = `now() - interval '30 days'`;

interface Question {
	sql: string;
	rows: number;
	/** The indexes that make it quick, besides those that find one contact or channel. */
	by: string[];
	/** The most pages it may look at: some 50 % over what it needs today. */
	pages: number;
}

const LISTS: Record<string, Question> = {
	'everything that is open': { sql: list(`c.folder = 'open'`), rows: 50, by: ['conversations_open_idx'], pages: 750 },
	'what is mine': {
		sql: list(`c.folder = 'open' and c.assignee_id = '${uuid('caio')}'`),
		rows: 50,
		by: ['conversations_open_mine_idx'],
		pages: 450
	},
	'what is nobody’s': {
		sql: list(`c.folder = 'open' and c.assignee_id is null`),
		rows: 50,
		by: ['conversations_open_nobodys_idx'],
		pages: 550
	},
	'what is closed': { sql: list(`c.folder = 'closed'`), rows: 50, by: ['conversations_aside_idx'], pages: 750 },
	'what is snoozed': { sql: list(`c.folder = 'snoozed'`), rows: 50, by: ['conversations_aside_idx'], pages: 750 },
	'what is spam': { sql: list(`c.folder = 'spam'`), rows: 50, by: ['conversations_aside_idx'], pages: 750 },
	'who waits longest': {
		sql: list(`c.folder = 'open' and c.waiting_since is not null`, 'c.waiting_since, c.id'),
		rows: 50,
		by: ['conversations_longest_idx'],
		pages: 750
	},
	'who of nobody’s waits longest': {
		sql: list(`c.folder = 'open' and c.waiting_since is not null and c.assignee_id is null`, 'c.waiting_since, c.id'),
		rows: 50,
		by: ['conversations_longest_idx'],
		pages: 1_500
	},
	'who waits, from a page further down': {
		sql: list(
			`c.folder = 'open' and c.waiting_since >= ${monthAgo} and (c.waiting_since > ${monthAgo} or c.id > '${uuid('any')}')`,
			'c.waiting_since, c.id'
		),
		rows: 50,
		by: ['conversations_longest_idx'],
		pages: 750
	},
	'what is due first': {
		sql: list(`c.folder = 'open' and c.sla_due_at is not null`, 'c.sla_due_at, c.id'),
		rows: 50,
		by: ['conversations_due_idx'],
		pages: 750
	},
	'what is most urgent': {
		sql: list(`c.folder = 'open' and c.priority > 0`, 'c.priority desc, c.last_message_at desc, c.id desc'),
		rows: 50,
		by: ['conversations_priority_idx'],
		pages: 750
	},
	'what is most urgent, from a page further down': {
		sql: list(
			`c.folder = 'open' and c.priority > 0 and c.priority <= 2 and (c.priority < 2 or c.last_message_at < ${monthAgo} or (c.last_message_at = ${monthAgo} and c.id < '${uuid('any')}'))`,
			'c.priority desc, c.last_message_at desc, c.id desc'
		),
		rows: 50,
		by: ['conversations_priority_idx'],
		pages: 1_500
	},
	'the page a month further down': {
		sql: list(
			`c.folder = 'open' and c.last_message_at <= ${monthAgo} and (c.last_message_at < ${monthAgo} or c.id < '${uuid('any')}')`
		),
		rows: 50,
		by: ['conversations_open_idx'],
		pages: 750
	}
};

const TAGGED: Record<string, Question> = {
	'what carries a common tag': {
		sql: tagged(3, `c.folder = 'open'`),
		rows: 50,
		by: ['conversation_tags_pkey'],
		pages: 1_500
	},
	'what carries a common tag, from a page further down': {
		sql: tagged(
			3,
			`c.folder = 'open' and c.last_message_at <= ${monthAgo} and (c.last_message_at < ${monthAgo} or c.id < '${uuid('any')}')`,
			monthAgo
		),
		rows: 50,
		by: ['conversation_tags_pkey'],
		pages: 1_500
	},
	'what is closed and carries a common tag': {
		sql: tagged(3, `c.folder = 'closed'`),
		rows: 50,
		by: ['conversation_tags_pkey'],
		pages: 1_500
	}
};

const THREADS: Record<string, Question> = {
	'the newest 50 of 5,000 messages over eight months': {
		sql: thread('true'),
		rows: 50,
		by: ['messages_tenant_id_conversation_id_seq_idx'],
		pages: 450
	},
	'50 from the middle of it': {
		sql: thread('seq < 2000'),
		rows: 50,
		by: ['messages_tenant_id_conversation_id_seq_idx'],
		pages: 450
	},
	'what came after a cursor': {
		sql: thread('seq >= 4990', 'seq limit 500'),
		rows: 11,
		by: ['messages_tenant_id_conversation_id_seq_idx'],
		pages: 150
	},
	'the newest 50 by the function': { sql: threadSql(LONG_THREAD), rows: 50, by: [], pages: 450 },
	'50 from the middle by the function': {
		sql: threadSql(LONG_THREAD, 'before => 2000'),
		rows: 50,
		by: [],
		pages: 450
	},
	'what came after a cursor by the function': {
		sql: threadSql(LONG_THREAD, 'since => 4990, most => 500'),
		rows: 11,
		by: [],
		pages: 150
	}
};

const KEYS: Record<string, Question> = {
	'one conversation': {
		sql: list(`c.id = '${LONG_THREAD}'`),
		rows: 1,
		by: ['conversations_tenant_id_id_key'],
		pages: 80
	},
	'one contact': {
		sql: `select * from public.contacts where tenant_id = '${TENANT}' and id = '${uuid('padaria contact 10')}'`,
		rows: 1,
		by: [],
		pages: 40
	},
	'my workspaces': { sql: 'select * from public.my_workspaces()', rows: 1, by: [], pages: 40 }
};

describe.each(['caio', 'sofia'] as const)('among 100,000 conversations %s is shown', (person) => {
	test.each(Object.entries({ ...LISTS, ...TAGGED, ...THREADS, ...KEYS }))('%s', async (_, question) => {
		const plan = await planOf(database, person, question.sql);
		expect(plan.rows).toBe(question.rows);
		expect(plan.indexes).toEqual(expect.arrayContaining(question.by));
		expect(plan.scanned).toEqual([]);
		expect(plan.sorted).toBe(false);
		// A step beneath each row of the page, and a few that a partition read ahead; never one beneath each row of the table.
		expect(plan.repeats).toBeLessThanOrEqual(70);
		expect(plan.pages).toBeLessThanOrEqual(question.pages);
	});

	test('what carries a tag that few have, without reading what is open', async () => {
		const tag = uuid('padaria tag 2000');
		for (const sql of [
			tagged(2000, `c.folder = 'open'`),
			taggedAnySql(TENANT, [tag, uuid('none')], `c.folder = 'open'`)
		]) {
			const plan = await planOf(database, person, sql);
			expect(plan.indexes).toContain('conversation_tags_pkey');
			expect(plan.scanned).toEqual([]);
			expect(plan.sorted).toBe(false);
			expect(plan.pages).toBeLessThanOrEqual(300);
		}
		const { pages } = await planOf(database, person, list(`c.folder = 'open' and c.tag_ids && '{${tag}}'`));
		expect(pages).toBeGreaterThan(1_000);
	});

	test('what changed in the hour that the line was cut, by the cursor’s index', async () => {
		const plan = await planOf(
			database,
			person,
			list(`c.updated_at >= now() - interval '1 hour'`, 'c.updated_at, c.id', 500)
		);
		expect(plan.indexes).toContain('conversations_updated_idx');
		expect(plan.scanned).toEqual([]);
		expect(plan.rows).toBeGreaterThan(0);
		expect(plan.pages).toBeLessThanOrEqual(600);
	});
});

test('a team’s list is one descent too, for its members', async () => {
	const plan = await planOf(database, 'duda', list(`c.folder = 'open' and c.team_id = '${uuid('padaria team')}'`));
	expect(plan.rows).toBe(50);
	expect(plan.indexes).toContain('conversations_open_team_idx');
	expect(plan.pages).toBeLessThanOrEqual(500);
});

test('an order that no index gives is noticed by these measures', async () => {
	const plan = await planOf(database, 'sofia', list(`c.folder = 'open'`, 'c.unread_count desc'));
	expect(plan.pages).toBeGreaterThan(5_000);
	expect(plan.sorted).toBe(true);
});
