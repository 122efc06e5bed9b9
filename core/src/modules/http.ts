import { z } from 'zod';
import { Address } from './address.ts';
import { field } from './form.ts';

const headerName = z
	.string()
	.trim()
	.regex(/^[A-Za-z0-9-]{1,60}$/)
	.optional();
const secret = z
	.string()
	.trim()
	.min(1)
	.max(2_000)
	.regex(/^[\x20-\x7e]+$/)
	.optional();

/** A machine that flows call by name: where it is and what it is shown, which stands in no flow. */
export const Http = z.strictObject({
	url: field(Address, {
		kind: 'url',
		label: { 'pt-BR': 'Endereço base', en: 'Base address' },
		help: {
			'pt-BR': 'Os fluxos acrescentam o caminho; a outro lugar os segredos nunca vão.',
			en: 'Flows add the path; the secrets never go anywhere else.'
		},
		placeholder: 'https://api.empresa.com.br/v1'
	}),
	auth: field(z.enum(['none', 'bearer', 'basic', 'header']).default('bearer'), {
		kind: 'choice',
		label: { 'pt-BR': 'Como se identifica', en: 'How it signs in' },
		choices: {
			none: { 'pt-BR': 'Não se identifica', en: 'Not at all' },
			bearer: { 'pt-BR': 'Token (Authorization: Bearer)', en: 'Token (Authorization: Bearer)' },
			basic: { 'pt-BR': 'Usuário e senha', en: 'User and password' },
			header: { 'pt-BR': 'Cabeçalho com chave', en: 'Header with a key' }
		}
	}),
	user: field(
		z
			.string()
			.trim()
			.min(1)
			.max(200)
			.regex(/^[^:]+$/)
			.optional(),
		{
			kind: 'text',
			label: { 'pt-BR': 'Usuário', en: 'User' },
			when: { field: 'auth', is: ['basic'] }
		}
	),
	header: field(headerName, {
		kind: 'text',
		label: { 'pt-BR': 'Nome do cabeçalho', en: 'Name of the header' },
		placeholder: 'X-Api-Key',
		when: { field: 'auth', is: ['header'] }
	}),
	secret: field(secret, {
		kind: 'secret',
		label: { 'pt-BR': 'Token, senha ou chave', en: 'Token, password or key' },
		when: { field: 'auth', is: ['bearer', 'basic', 'header'] }
	}),
	second_header: field(headerName, {
		kind: 'text',
		label: { 'pt-BR': 'Segundo cabeçalho', en: 'Second header' },
		help: { 'pt-BR': 'Onde uma chave vem em duas partes.', en: 'Where a key comes in two parts.' },
		placeholder: 'X-Api-Secret',
		when: { field: 'auth', is: ['header'], optional: true }
	}),
	second_secret: field(secret, {
		kind: 'secret',
		label: { 'pt-BR': 'Valor do segundo cabeçalho', en: 'Value of the second header' },
		when: { field: 'auth', is: ['header'], optional: true }
	}),
	test_path: field(
		z
			.string()
			.trim()
			.max(200)
			.regex(/^\/\S*$/)
			.default('/'),
		{
			kind: 'text',
			label: { 'pt-BR': 'Caminho do teste', en: 'Path of the test' },
			help: { 'pt-BR': 'O botão de testar faz um GET aqui.', en: 'The test button makes a GET here.' },
			placeholder: '/status'
		}
	)
});
export type HttpSettings = z.infer<typeof Http>;

/** The headers that a connection adds to a call. */
export function headersOf(settings: HttpSettings): Record<string, string> {
	const { auth, user = '', header, secret, second_header, second_secret } = settings;
	if (auth === 'none' || secret === undefined) return {};
	if (auth === 'bearer') return { authorization: `Bearer ${secret}` };
	if (auth === 'basic') {
		const bytes = new TextEncoder().encode(`${user}:${secret}`);
		return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
	}
	return {
		...(header ? { [header.toLowerCase()]: secret } : {}),
		...(second_header && second_secret ? { [second_header.toLowerCase()]: second_secret } : {})
	};
}

/** Headers that hold what nobody should read in a flow. */
export const isSecretHeader = (name: string): boolean =>
	/^(proxy-)?authorization$|^cookie$|api-?key|app-?key|secret|token|passw|senha/i.test(name);
