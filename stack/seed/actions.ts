import type { TransactionSql } from 'postgres';
import type { Random } from './random.ts';

interface Work {
	attributes: {
		subject: 'contact' | 'conversation';
		key: string;
		label: string;
		type: string;
		options?: string[];
		required?: true;
	}[];
	macros: { name: string; shortcut: string; actions: object[] }[];
	rules: { name: string; trigger: string; words?: string; waiting?: number; enabled: boolean; actions: object[] }[];
}

const bakery: Work = {
	attributes: [
		{ subject: 'contact', key: 'birthday', label: 'Aniversário', type: 'date' },
		{
			subject: 'contact',
			key: 'diet',
			label: 'Restrição alimentar',
			type: 'choice',
			options: ['Sem glúten', 'Sem lactose', 'Vegano']
		},
		{ subject: 'conversation', key: 'order', label: 'Nº da encomenda', type: 'number' },
		{ subject: 'conversation', key: 'delivery', label: 'Data de entrega', type: 'date' }
	],
	macros: [
		{
			name: 'Encomenda recebida',
			shortcut: 'r',
			actions: [
				{
					type: 'send_text',
					text: 'Oi, {{contact.first_name}}! Sua encomenda foi anotada. Avisamos quando sair do forno.'
				},
				{ type: 'set_priority', priority: 2 },
				{ type: 'assign_agent', agent: 'me' }
			]
		},
		{
			name: 'Agradecer e encerrar',
			shortcut: 'e',
			actions: [{ type: 'send_text', text: 'Nós que agradecemos! Até a próxima fornada.' }, { type: 'close' }]
		}
	],
	rules: [
		{
			name: 'Reclamação é urgente',
			trigger: 'message_received',
			words: 'reclamação',
			enabled: true,
			actions: [
				{ type: 'set_priority', priority: 4 },
				{ type: 'add_note', text: 'A palavra "reclamação" apareceu: responda antes das outras.' }
			]
		},
		{
			name: 'Espera de mais de meia hora',
			trigger: 'waiting',
			waiting: 30,
			enabled: false,
			actions: [
				{ type: 'set_priority', priority: 3 },
				{ type: 'notify', people: ['assignee', 'team'], text: 'Cliente esperando há mais de meia hora' }
			]
		},
		{
			name: 'Boas-vindas',
			trigger: 'conversation_created',
			enabled: false,
			actions: [{ type: 'send_text', text: 'Oi, {{contact.first_name}}! Aqui é da padaria. Já vamos atender.' }]
		}
	]
};

const workshop: Work = {
	attributes: [
		{ subject: 'contact', key: 'plate', label: 'Placa do carro', type: 'text' },
		{ subject: 'contact', key: 'model', label: 'Modelo', type: 'text' },
		{
			subject: 'conversation',
			key: 'service',
			label: 'Serviço',
			type: 'choice',
			options: ['Revisão', 'Freios', 'Pneus', 'Elétrica'],
			required: true
		},
		{ subject: 'conversation', key: 'quote', label: 'Orçamento (R$)', type: 'number' }
	],
	macros: [
		{
			name: 'Pedir placa e modelo',
			shortcut: 'p',
			actions: [
				{ type: 'send_text', text: 'Olá, {{contact.first_name}}! Pode me mandar a placa e o modelo do carro?' },
				{ type: 'assign_agent', agent: 'me' }
			]
		},
		{
			name: 'Adiar até amanhã',
			shortcut: 'a',
			actions: [
				{ type: 'add_note', text: 'Aguardando a peça chegar.' },
				{ type: 'snooze', until: 'tomorrow' }
			]
		}
	],
	rules: [
		{
			name: 'Guincho passa na frente',
			trigger: 'message_received',
			words: 'guincho',
			enabled: true,
			actions: [{ type: 'set_priority', priority: 4 }]
		},
		{
			name: 'Reabriu: avisa quem atende',
			trigger: 'conversation_reopened',
			enabled: false,
			actions: [{ type: 'notify', people: ['assignee'], text: 'Conversa reaberta' }]
		}
	]
};

const works: Record<string, Work> = { padaria: bakery, oficina: workshop };

/** Attributes, macros of everybody's and automation rules of a demo company, some of them off. */
export async function seedActions(sql: TransactionSql, tenantId: string, slug: string, random: Random): Promise<void> {
	const work = works[slug];
	if (!work) return;
	for (const [index, { options = [], required = false, ...attribute }] of work.attributes.entries()) {
		await sql`insert into public.attribute_definitions ${sql({ id: random.uuid(), tenant_id: tenantId, ...attribute, options, required_on_close: required, position: index + 1 })}`;
	}
	for (const [index, { actions, ...macro }] of work.macros.entries()) {
		await sql`
			insert into public.macros (id, tenant_id, name, shortcut, position, actions)
			values (${random.uuid()}, ${tenantId}, ${macro.name}, ${macro.shortcut}, ${index + 1}, ${JSON.stringify(actions)}::text::jsonb)`;
	}
	for (const [index, { name, trigger, words, waiting = null, enabled, actions }] of work.rules.entries()) {
		const rules = words === undefined ? [] : [{ field: 'message_text', op: 'contains', value: words }];
		await sql`
			insert into public.automation_rules (id, tenant_id, name, trigger, waiting_minutes, conditions, actions, enabled, position)
			values (
				${random.uuid()}, ${tenantId}, ${name}, ${trigger}, ${waiting}, ${JSON.stringify({ match: 'all', rules })}::text::jsonb,
				${JSON.stringify(actions)}::text::jsonb, ${enabled}, ${index + 1}
			)`;
	}
}
