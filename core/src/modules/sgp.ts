import { z } from 'zod';
import { Address } from './address.ts';
import { field } from './form.ts';

/** SGP, an ERP of Brazilian internet providers. */
export const Sgp = z.strictObject({
	url: field(Address, {
		kind: 'url',
		label: { 'pt-BR': 'Endereço do SGP', en: 'Address of SGP' },
		help: {
			'pt-BR': 'O da sua instalação, sem o caminho da API.',
			en: 'Of your installation, without the path of the API.'
		},
		placeholder: 'https://sgp.provedor.com.br'
	}),
	token: field(z.string().trim().min(4).max(500), {
		kind: 'secret',
		label: { 'pt-BR': 'Token', en: 'Token' },
		help: {
			'pt-BR': 'No SGP: Sistema › Ferramentas › Painel Admin › Tokens.',
			en: 'In SGP: Sistema › Ferramentas › Painel Admin › Tokens.'
		}
	}),
	app: field(z.string().trim().min(1).max(80), {
		kind: 'text',
		label: { 'pt-BR': 'Aplicação', en: 'Application' },
		help: { 'pt-BR': 'O nome dado ao token no SGP.', en: 'The name that the token was given in SGP.' },
		placeholder: 'prosa'
	}),
	seconds: field(z.int().min(1).max(15).default(8), {
		kind: 'number',
		label: { 'pt-BR': 'Segundos de espera', en: 'Seconds to wait' },
		help: {
			'pt-BR': 'Depois disso o fluxo segue pela saída de erro.',
			en: 'After that a flow takes its way for errors.'
		}
	}),
	unblock: field(z.boolean().default(true), {
		kind: 'switch',
		label: { 'pt-BR': 'Permitir desbloqueio de confiança', en: 'Allow trust unblocks' },
		help: {
			'pt-BR': 'Desligado, nenhum fluxo libera o acesso de quem deve.',
			en: 'When off, no flow unblocks whoever owes.'
		}
	})
});
export type SgpSettings = z.infer<typeof Sgp>;
