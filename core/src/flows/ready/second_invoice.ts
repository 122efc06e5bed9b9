import type { Locale, Sentences } from '../../locale.ts';

const words = {
	hello: {
		'pt-BR': 'Vamos buscar a sua fatura. Qual é o CPF ou CNPJ do titular?',
		en: "Let's find your invoice. What is the holder's CPF or CNPJ?"
	},
	unknown: {
		'pt-BR': 'Não achei nenhum contrato com esse documento. Vou chamar alguém para ajudar.',
		en: 'I found no contract under this document. I am calling somebody to help.'
	},
	several: {
		'pt-BR': 'Achei {{contratos}} contratos. De qual você fala? Responda com o número.\n{{lista}}',
		en: 'I found {{contratos}} contracts. Which one do you mean? Answer with its number.\n{{lista}}'
	},
	clear: { 'pt-BR': 'Boa notícia: não há nenhuma fatura em aberto. ✅', en: 'Good news: no invoice is open. ✅' },
	invoice: {
		'pt-BR': 'A fatura de {{valor}} vence em {{vencimento}}. Boleto:\n{{boleto}}',
		en: 'The invoice of {{valor}} is due on {{vencimento}}. Boleto:\n{{boleto}}'
	},
	pix: {
		'pt-BR': 'Ou pague por PIX, copiando o código da próxima mensagem:',
		en: 'Or pay by PIX, copying the code of the next message:'
	},
	suspended: {
		'pt-BR': 'Seu acesso está suspenso. Posso liberar por alguns dias, em confiança, enquanto você paga?',
		en: 'Your access is suspended. Shall I unblock it for some days, on trust, while you pay?'
	},
	yes: { 'pt-BR': 'Sim, liberar', en: 'Yes, unblock' },
	no: { 'pt-BR': 'Não, obrigado', en: 'No, thanks' },
	unblocked: {
		'pt-BR': 'Pronto! Liberado por {{dias}} dias. Protocolo {{protocolo}}. Reinicie o roteador em dois minutos.',
		en: 'Done! Unblocked for {{dias}} days. Protocol {{protocolo}}. Restart your router in two minutes.'
	},
	refused: {
		'pt-BR': 'Não consegui liberar: {{motivo}}. Vou chamar alguém.',
		en: 'I could not unblock it: {{motivo}}. I am calling somebody.'
	},
	bye: { 'pt-BR': 'Precisando, é só chamar. 👋', en: 'Just call when you need us. 👋' },
	broken: {
		'pt-BR': 'O sistema de faturas não respondeu agora. Já chamo alguém para mandar a sua.',
		en: 'The billing system did not answer. I am calling somebody to send yours.'
	},
	note: {
		'pt-BR': 'Segunda via: {{cliente|cliente não localizado}}, documento {{documento}}, contrato {{contrato|?}}.',
		en: 'Second invoice: {{cliente|customer not found}}, document {{documento}}, contract {{contrato|?}}.'
	},
	owes: { 'pt-BR': 'Suspenso', en: 'Suspended' }
} satisfies Record<string, Sentences>;

/** Second invoice and trust unblock, by SGP. Ready to be published where the integration is on. */
export function secondInvoice(locale: Locale) {
	const say = (word: keyof typeof words) => words[word][locale];
	const at = (column: number, row = 0) => ({ x: column * 340, y: row * 240 });
	const way = (from: string, to: string, branch = 'next') => ({ from, branch, to });
	const keep = (...pairs: [variable: string, path: string][]) => pairs.map(([variable, path]) => ({ variable, path }));
	return {
		format: 1 as const,
		variables: [
			...['documento', 'cliente', 'lista', 'valor', 'vencimento', 'boleto', 'pix', 'protocolo', 'motivo'].map(
				(name) => ({ name, type: 'text' })
			),
			...['contrato', 'contratos', 'escolha', 'dias'].map((name) => ({ name, type: 'number' })),
			{ name: 'todos', type: 'list' },
			{ name: 'suspenso', type: 'boolean' }
		],
		nodes: [
			{ id: 'start', type: 'start', position: at(0) },
			{
				id: 'document',
				type: 'question',
				position: at(1),
				text: say('hello'),
				answer: { kind: 'pattern', pattern: '\\D*(\\d\\D*){11}|\\D*(\\d\\D*){14}' },
				save_as: 'documento',
				timeout: 1_800
			},
			{
				id: 'customer',
				type: 'sgp',
				position: at(2),
				ask: 'contracts',
				document: '{{documento}}',
				save: keep(
					['contrato', 'contract.id'],
					['suspenso', 'contract.suspended'],
					['cliente', 'name'],
					['contratos', 'count'],
					['todos', 'contracts'],
					['lista', 'list']
				)
			},
			{ id: 'unknown', type: 'handover', position: at(3, 2), text: say('unknown'), note: say('note') },
			{
				id: 'which',
				type: 'question',
				position: at(3, 1),
				text: say('several'),
				answer: { kind: 'number', min: 1, max: 99 },
				save_as: 'escolha',
				timeout: 1_800
			},
			{
				id: 'chosen',
				type: 'set',
				position: at(4, 1),
				set: [
					{ variable: 'suspenso', to: { expression: 'todos[int(escolha) - 1].suspended' } },
					{ variable: 'contrato', to: { expression: 'todos[int(escolha) - 1].id' } }
				]
			},
			{
				id: 'invoices',
				type: 'sgp',
				position: at(5),
				ask: 'invoices',
				contract: '{{contrato}}',
				save: keep(
					['valor', 'invoice.amount'],
					['vencimento', 'invoice.due'],
					['boleto', 'invoice.boleto'],
					['pix', 'invoice.pix']
				)
			},
			{ id: 'clear', type: 'message', position: at(6, 1), text: say('clear') },
			{ id: 'invoice', type: 'message', position: at(6), text: say('invoice') },
			{ id: 'how', type: 'message', position: at(7), text: say('pix') },
			// By itself, so that it is copied with one touch.
			{ id: 'code', type: 'message', position: at(8), text: '{{pix}}' },
			{
				id: 'blocked',
				type: 'condition',
				position: at(9),
				cases: [
					{
						id: 'suspended',
						label: say('owes'),
						when: { type: 'variables', match: 'all', tests: [{ variable: 'suspenso', op: 'is', value: true }] }
					}
				]
			},
			{
				id: 'trust',
				type: 'buttons',
				position: at(10),
				text: say('suspended'),
				options: [
					{ id: 'yes', label: say('yes') },
					{ id: 'no', label: say('no') }
				],
				timeout: 1_800
			},
			{
				id: 'unblock',
				type: 'sgp',
				position: at(11),
				ask: 'unblock',
				contract: '{{contrato}}',
				save: keep(['dias', 'days'], ['protocolo', 'protocol'], ['motivo', 'message'])
			},
			{ id: 'unblocked', type: 'message', position: at(12), text: say('unblocked') },
			{ id: 'refused', type: 'handover', position: at(12, 1), text: say('refused'), note: say('note') },
			{ id: 'broken', type: 'handover', position: at(6, 2), text: say('broken'), note: say('note') },
			{ id: 'bye', type: 'message', position: at(13), text: say('bye') },
			{ id: 'end', type: 'end', position: at(14) }
		],
		edges: [
			way('start', 'document'),
			way('document', 'customer'),
			way('document', 'end', 'timeout'),
			way('customer', 'invoices'),
			way('customer', 'which', 'several'),
			way('customer', 'unknown', 'none'),
			way('customer', 'broken', 'error'),
			way('which', 'chosen'),
			way('which', 'end', 'timeout'),
			way('chosen', 'invoices'),
			way('invoices', 'invoice'),
			way('invoices', 'clear', 'none'),
			way('invoices', 'broken', 'error'),
			way('invoice', 'how'),
			way('how', 'code'),
			way('code', 'blocked'),
			way('clear', 'bye'),
			way('blocked', 'trust', 'suspended'),
			way('blocked', 'bye', 'else'),
			way('trust', 'unblock', 'yes'),
			way('trust', 'bye', 'no'),
			way('trust', 'end', 'timeout'),
			way('unblock', 'unblocked'),
			way('unblock', 'refused', 'refused'),
			way('unblock', 'broken', 'error'),
			way('unblocked', 'bye'),
			way('bye', 'end')
		]
	};
}
