import { secondInvoice } from '@prosa/core/flows/ready/second_invoice.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/*
 * Flows to begin with. Their texts are the company's own from the first moment, so they are in its language, and there is
 * nothing in them that a company may lack: no team, tag or template. The one for SGP needs its integration, and says so.
 */

interface Starter {
	id: string;
	name: () => string;
	text: () => string;
	make: () => object;
}

const at = (column: number, row = 0) => ({ x: column * 340, y: row * 220 });
const way = (from: string, to: string, branch = 'next') => ({ from, branch, to });
const start = { id: 'start', type: 'start', position: at(0) };

export const starters: Starter[] = [
	{
		id: 'menu',
		name: m.bot_starter_menu,
		text: m.bot_starter_menu_text,
		make: () => ({
			format: 1,
			variables: [],
			nodes: [
				start,
				{
					id: 'menu',
					type: 'buttons',
					position: at(1),
					text: m.bot_say_menu({ name: '{{contact.first_name}}', company: '{{tenant.name}}' }),
					options: [
						{ id: 'sales', label: m.bot_say_sales() },
						{ id: 'help', label: m.bot_say_help() },
						{ id: 'person', label: m.bot_say_person() }
					]
				},
				{ id: 'sales', type: 'handover', position: at(2, 0), text: m.bot_say_sales_next(), note: m.bot_say_sales() },
				{ id: 'help', type: 'handover', position: at(2, 1), text: m.bot_say_help_next(), note: m.bot_say_help() },
				{ id: 'person', type: 'handover', position: at(2, 2), text: m.bot_say_person_next() }
			],
			edges: [
				way('start', 'menu'),
				way('menu', 'sales', 'sales'),
				way('menu', 'help', 'help'),
				way('menu', 'person', 'person')
			]
		})
	},
	{
		id: 'scheduling',
		name: m.bot_starter_scheduling,
		text: m.bot_starter_scheduling_text,
		make: () => ({
			format: 1,
			variables: [
				{ name: 'dia', type: 'date' },
				{ name: 'periodo', type: 'text' }
			],
			nodes: [
				start,
				{
					id: 'day',
					type: 'question',
					position: at(1),
					text: m.bot_say_day(),
					answer: { kind: 'date', when: 'future' },
					save_as: 'dia'
				},
				{
					id: 'period',
					type: 'buttons',
					position: at(2),
					text: m.bot_say_period(),
					options: [
						{ id: 'morning', label: m.bot_say_morning() },
						{ id: 'afternoon', label: m.bot_say_afternoon() }
					],
					save_as: 'periodo'
				},
				{
					id: 'confirm',
					type: 'handover',
					position: at(3),
					text: m.bot_say_scheduled({ day: '{{dia}}', period: '{{periodo}}' }),
					note: m.bot_say_schedule_note({ day: '{{dia}}', period: '{{periodo}}' })
				}
			],
			edges: [
				way('start', 'day'),
				way('day', 'period'),
				way('period', 'confirm', 'morning'),
				way('period', 'confirm', 'afternoon')
			]
		})
	},
	{
		id: 'lead',
		name: m.bot_starter_lead,
		text: m.bot_starter_lead_text,
		make: () => ({
			format: 1,
			variables: [
				{ name: 'nome', type: 'text' },
				{ name: 'email', type: 'text' },
				{ name: 'interesse', type: 'text' }
			],
			nodes: [
				start,
				{
					id: 'name',
					type: 'question',
					position: at(1),
					text: m.bot_say_name(),
					answer: { kind: 'name' },
					save_as: 'nome'
				},
				{
					id: 'email',
					type: 'question',
					position: at(2),
					text: m.bot_say_email({ name: '{{nome}}' }),
					answer: { kind: 'email' },
					save_as: 'email'
				},
				{
					id: 'interest',
					type: 'question',
					position: at(3),
					text: m.bot_say_interest(),
					answer: { kind: 'text' },
					save_as: 'interesse'
				},
				{ id: 'lead', type: 'lead', position: at(4), title: '{{nome}}: {{interesse}}', temperature: 'warm' },
				{
					id: 'person',
					type: 'handover',
					position: at(5),
					text: m.bot_say_lead_next(),
					note: '{{nome}} · {{email}} · {{interesse}}'
				}
			],
			edges: [
				way('start', 'name'),
				way('name', 'email'),
				way('email', 'interest'),
				way('interest', 'lead'),
				way('lead', 'person')
			]
		})
	},
	{
		id: 'hours',
		name: m.bot_starter_hours,
		text: m.bot_starter_hours_text,
		make: () => ({
			format: 1,
			variables: [{ name: 'recado', type: 'text' }],
			nodes: [
				start,
				{ id: 'hours', type: 'hours', position: at(1) },
				{ id: 'open', type: 'handover', position: at(2, 0), text: m.bot_say_open() },
				{
					id: 'closed',
					type: 'question',
					position: at(2, 1),
					text: m.bot_say_closed(),
					answer: { kind: 'text' },
					save_as: 'recado'
				},
				{ id: 'kept', type: 'handover', position: at(3, 1), text: m.bot_say_kept(), note: '{{recado}}' }
			],
			edges: [
				way('start', 'hours'),
				way('hours', 'open', 'open'),
				way('hours', 'closed', 'closed'),
				way('closed', 'kept')
			]
		})
	},
	{
		id: 'csat',
		name: m.bot_starter_csat,
		text: m.bot_starter_csat_text,
		make: () => ({
			format: 1,
			variables: [
				{ name: 'nota', type: 'number' },
				{ name: 'motivo', type: 'text' }
			],
			nodes: [
				start,
				{ id: 'ask', type: 'csat', position: at(1), text: m.bot_say_csat(), scale: 'stars', save_as: 'nota' },
				{
					id: 'low',
					type: 'condition',
					position: at(2),
					cases: [
						{
							id: 'low',
							label: m.bot_say_low(),
							when: { type: 'variables', match: 'all', tests: [{ variable: 'nota', op: 'lt', value: 4 }] }
						}
					]
				},
				{
					id: 'why',
					type: 'question',
					position: at(3, 0),
					text: m.bot_say_why(),
					answer: { kind: 'text' },
					save_as: 'motivo'
				},
				{
					id: 'person',
					type: 'handover',
					position: at(4, 0),
					text: m.bot_say_why_next(),
					note: '{{nota}}: {{motivo}}'
				},
				{ id: 'thanks', type: 'message', position: at(3, 1), text: m.bot_say_thanks() },
				{ id: 'end', type: 'end', position: at(4, 1) }
			],
			edges: [
				way('start', 'ask'),
				way('ask', 'low'),
				way('low', 'why', 'low'),
				way('low', 'thanks', 'else'),
				way('why', 'person'),
				way('thanks', 'end')
			]
		})
	},
	{
		id: 'invoice',
		name: m.bot_starter_invoice,
		text: m.bot_starter_invoice_text,
		make: () => ({
			format: 1,
			variables: [
				{ name: 'documento', type: 'text' },
				{ name: 'motivo', type: 'text' }
			],
			nodes: [
				start,
				{
					id: 'document',
					type: 'question',
					position: at(1),
					text: m.bot_say_document(),
					answer: { kind: 'cpf' },
					save_as: 'documento'
				},
				{
					id: 'what',
					type: 'buttons',
					position: at(2),
					text: m.bot_say_invoice_what(),
					options: [
						{ id: 'copy', label: m.bot_say_invoice_copy() },
						{ id: 'paid', label: m.bot_say_invoice_paid() }
					],
					save_as: 'motivo'
				},
				{
					id: 'person',
					type: 'handover',
					position: at(3),
					text: m.bot_say_invoice_next(),
					note: '{{motivo}} · CPF {{documento}}'
				}
			],
			edges: [
				way('start', 'document'),
				way('document', 'what'),
				way('what', 'person', 'copy'),
				way('what', 'person', 'paid')
			]
		})
	},
	{
		id: 'sgp',
		name: m.bot_starter_sgp,
		text: m.bot_starter_sgp_text,
		make: () => secondInvoice(getLocale())
	}
];

/** A drawing with nothing but its start. */
export const blank = () => ({ format: 1, variables: [], nodes: [start], edges: [] });
