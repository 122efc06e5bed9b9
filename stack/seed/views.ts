import type { Conditions } from '@prosa/core/conditions/conditions.ts';
import type { TransactionSql } from 'postgres';

interface Company {
	tenant_id: string;
	/** Who shares filters with everybody. */
	supervisor: string;
	/** Who keeps some of their own. */
	agents: string[];
}

interface Kept {
	name: string;
	conditions: Conditions;
	sort: 'newest' | 'waiting' | 'priority';
}

const shared: Kept[] = [
	{
		name: 'Esperando há mais de 30 min',
		conditions: { match: 'all', rules: [{ field: 'waiting_minutes', op: 'gt', value: 30 }] },
		sort: 'waiting'
	},
	{
		name: 'Janela quase fechando',
		conditions: { match: 'all', rules: [{ field: 'window', op: 'is', value: 'closing' }] },
		sort: 'waiting'
	},
	{
		name: 'Prioridade alta',
		conditions: { match: 'all', rules: [{ field: 'priority', op: 'gt', value: 2 }] },
		sort: 'priority'
	}
];

const own: Kept = {
	name: 'Minhas sem resposta',
	conditions: {
		match: 'all',
		rules: [
			{ field: 'assignee_id', op: 'is', value: 'me' },
			{ field: 'waiting_minutes', op: 'set' }
		]
	},
	sort: 'waiting'
};

/** Filters that a company has kept over time. */
export async function insertFilters(sql: TransactionSql, { tenant_id, supervisor, agents }: Company): Promise<void> {
	const rows = [
		...shared.map((kept, position) => ({ ...kept, user_id: supervisor, is_shared: true, position })),
		...agents.map((user_id) => ({ ...own, user_id, is_shared: false, position: 1 }))
	];
	for (const { conditions, ...row } of rows) {
		await sql`
			insert into public.saved_filters ${sql({ ...row, tenant_id, conditions: sql.json(conditions as never) })}`;
	}
}
