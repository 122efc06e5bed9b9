import type { Sentences } from '../locale.ts';
import type { MediaErrorCode } from './media.ts';

/** One sentence for the agent about a file that is not there, with what to do. */
export const MEDIA_ERROR_SENTENCES: Record<MediaErrorCode, Sentences> = {
	media_expired: {
		'pt-BR': 'O WhatsApp só guarda o arquivo por 7 dias, e ele não pôde ser baixado a tempo. Peça que seja reenviado.',
		en: 'WhatsApp keeps a file for 7 days only, and it could not be fetched in time. Ask for it to be sent again.'
	},
	media_gone: {
		'pt-BR': 'O WhatsApp não tem mais este arquivo. Peça que seja reenviado.',
		en: 'WhatsApp no longer has this file. Ask for it to be sent again.'
	},
	media_too_large: {
		'pt-BR': 'O arquivo passa de 100 MB e não foi guardado. Peça uma versão menor.',
		en: 'The file is larger than 100 MB and was not kept. Ask for a smaller one.'
	},
	media_corrupt: {
		'pt-BR': 'O arquivo chegou diferente do que o WhatsApp anunciou. Peça que seja reenviado.',
		en: 'The file that came is not the one WhatsApp announced. Ask for it to be sent again.'
	},
	media_address_refused: {
		'pt-BR': 'O endereço deste arquivo não é do WhatsApp, e por segurança não foi aberto. Peça que seja reenviado.',
		en: 'The address of this file is not one of WhatsApp’s and was not opened, for safety. Ask for it to be sent again.'
	},
	media_type_mismatch: {
		'pt-BR': 'O conteúdo do arquivo não é do tipo que ele diz ser, e por segurança não foi guardado.',
		en: 'The file is not of the type it claims to be and was not kept, for safety.'
	},
	media_infected: {
		'pt-BR': 'O antivírus recusou este arquivo. Não peça que seja reenviado sem confirmar quem o mandou.',
		en: 'The virus scanner refused this file. Make sure who sent it before you ask for it again.'
	},
	media_unavailable: {
		'pt-BR': 'O arquivo não pôde ser lido. Envie-o de novo.',
		en: 'The file could not be read. Send it again.'
	}
};
