import type { Locale, Sentences } from '../locale.ts';
import { LIMITS } from './limits.ts';
import type { Fault } from './flow.ts';

/** Why a text is no flow. What a schema finds goes by the name that the schema gives it. */
export const FAULTS = {
	too_large: {
		'pt-BR': `O arquivo é grande demais: cabem ${LIMITS.json / 1_000_000} MB.`,
		en: `The file is too large: ${LIMITS.json / 1_000_000} MB at most.`
	},
	not_json: { 'pt-BR': 'O arquivo não é JSON.', en: 'The file is not JSON.' },
	too_deep: { 'pt-BR': 'Há níveis demais, um dentro do outro.', en: 'There are too many levels, one within another.' },
	characters_invalid: {
		'pt-BR': 'O texto tem caracteres que não existem.',
		en: 'The text has characters that do not exist.'
	},
	key_forbidden: { 'pt-BR': 'Um campo com este nome não é aceito.', en: 'A field of this name is not accepted.' },
	id_repeated: { 'pt-BR': 'Dois blocos têm o mesmo id.', en: 'Two blocks have the same id.' },
	branch_repeated: {
		'pt-BR': 'Duas saídas do bloco têm o mesmo id.',
		en: 'Two ways out of the block have the same id.'
	},
	start_missing: { 'pt-BR': 'Não há bloco de início.', en: 'There is no start block.' },
	start_repeated: { 'pt-BR': 'Há mais de um bloco de início.', en: 'There is more than one start block.' },
	variable_repeated: { 'pt-BR': 'Duas variáveis têm o mesmo nome.', en: 'Two variables have the same name.' },
	variable_name: { 'pt-BR': 'Este nome não serve de variável.', en: 'This name can be no variable.' },
	node_unknown: {
		'pt-BR': 'A ligação leva a um bloco que não existe.',
		en: 'The line leads to a block that is not there.'
	},
	edge_repeated: { 'pt-BR': 'A mesma saída leva a dois lugares.', en: 'The same way leads to two places.' },
	format_unknown: {
		'pt-BR': 'O formato não é o desta versão do Prosa (1).',
		en: 'The format is not that of this version of Prosa (1).'
	},
	kind_unknown: { 'pt-BR': 'Não existe este tipo de bloco.', en: 'There is no such kind of block.' },
	unrecognized_keys: { 'pt-BR': 'Este campo não existe aqui.', en: 'There is no such field here.' },
	invalid_type: { 'pt-BR': 'Falta um valor, ou é de outro tipo.', en: 'A value is missing, or of another type.' },
	invalid_value: { 'pt-BR': 'Este valor não é um dos que se aceitam.', en: 'This value is none of those accepted.' },
	invalid_union: { 'pt-BR': 'Este valor não é um dos que se aceitam.', en: 'This value is none of those accepted.' },
	invalid_format: { 'pt-BR': 'O valor não está na forma certa.', en: 'The value is not in the right form.' },
	too_big: {
		'pt-BR': 'É grande ou longo demais, ou há itens demais.',
		en: 'It is too large or long, or there are too many.'
	},
	too_small: {
		'pt-BR': 'É pequeno ou curto demais, ou faltam itens.',
		en: 'It is too small or short, or some are missing.'
	},
	invalid: { 'pt-BR': 'O valor não é aceito.', en: 'The value is not accepted.' }
} as const satisfies Record<string, Sentences>;

/** What makes a text no flow, as a sentence. Where it stands is the fault's path. */
export function faultText({ code, path }: Fault, locale: Locale): string {
	const named =
		path === 'format'
			? 'format_unknown'
			: /^nodes\[\d+\]\.type$/.test(path) && code === 'invalid_union'
				? 'kind_unknown'
				: code;
	return FAULTS[Object.hasOwn(FAULTS, named) ? (named as keyof typeof FAULTS) : 'invalid'][locale];
}
