import type postgres from 'postgres';

/** A chat as it is: a menu, a question, a condition with an expression, texts with variables, back to the menu. */
export const drawn = {
	format: 1,
	variables: [
		{ name: 'nome', type: 'text' },
		{ name: 'quantos', type: 'number', initial: 0 }
	],
	nodes: [
		{ id: 's', type: 'start' },
		{
			id: 'menu',
			type: 'buttons',
			text: 'Olá, {{contact.first_name|cliente}}! Como ajudo?',
			options: [
				{ id: 'order', label: 'Encomendar' },
				{ id: 'bye', label: 'Sair' }
			]
		},
		{ id: 'q', type: 'question', text: 'Quantos pães?', answer: { kind: 'number', min: 1 }, save_as: 'quantos' },
		{
			id: 'price',
			type: 'condition',
			cases: [{ id: 'many', when: { type: 'expression', expression: 'quantos > 100 && contact.plano == "Ouro"' } }]
		},
		{ id: 'm', type: 'message', text: 'Anotado: {{quantos}} pães para {{contact.name}}.' },
		{ id: 'x', type: 'handover' }
	],
	edges: [
		{ from: 's', branch: 'next', to: 'menu' },
		{ from: 'menu', branch: 'order', to: 'q' },
		{ from: 'q', branch: 'next', to: 'price' },
		{ from: 'price', branch: 'many', to: 'x' },
		{ from: 'price', branch: 'else', to: 'm' },
		{ from: 'm', branch: 'next', to: 'menu' }
	]
};

/** The same chat as a flow of the first tenant's, published, begun by a word. */
export async function publishDrawn(sql: postgres.Sql, word: string): Promise<void> {
	await sql.begin(async (transaction) => {
		const [ana] = await transaction<[{ id: string; tenant: string }]>`
			select u.id, t.id as tenant from auth.users u, public.tenants t where u.email = 'ana@padaria.test' and t.slug = 'padaria'`;
		const claims = JSON.stringify({ sub: ana.id, role: 'authenticated', aal: 'aal1' });
		await transaction`select set_config('request.jwt.claims', ${claims}, true)`;
		const [flow] = await transaction<[{ id: string }]>`
			select id from public.save_flow(${ana.tenant}, null, ${`Medidas ${word}`}, ${JSON.stringify(drawn)}::text::jsonb, null)`;
		const trigger = { type: 'keyword', words: [word], match: 'whole' };
		await transaction`select public.save_flow_triggers(${flow.id}, ${JSON.stringify([trigger])}::text::jsonb)`;
		await transaction`select public.publish_flow(${flow.id}, 1)`;
	});
}
