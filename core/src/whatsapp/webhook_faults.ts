import type { Locale, Sentences } from '../locale.ts';

const FAULTS: [pattern: RegExp, sentence: Sentences][] = [
	[
		/^not_json$/,
		{
			'pt-BR': 'O corpo não é um JSON válido. Corrija o texto e reaplique.',
			en: 'The body is not valid JSON. Mend the text and replay it.'
		}
	],
	[
		/^parser_failed$/,
		{
			'pt-BR':
				'O corpo tem uma forma que a Prosa ainda não entende. Reaplique depois de atualizar a Prosa, ou corrija o texto.',
			en: 'The body has a form Prosa does not understand yet. Replay it after updating Prosa, or mend the text.'
		}
	],
	[
		/^number_not_connected$/,
		{
			'pt-BR': 'O corpo fala de um número que não é desta empresa. Conecte o número e reaplique.',
			en: 'The body is about a number that is not of this workspace. Connect the number and replay it.'
		}
	],
	[
		/(^|receive_failed )2[23]...\b/,
		{
			'pt-BR': 'Um valor não cabe no banco de dados. Veja o detalhe, corrija o evento e reaplique.',
			en: 'A value does not fit the database. Look at the detail, mend the event and replay it.'
		}
	],
	[
		/(^|receive_failed )(40|53|55|57)...\b/,
		{
			'pt-BR': 'O banco de dados estava ocupado ou parado naquela hora. Reaplique: deve entrar agora.',
			en: 'The database was busy or stopped at that moment. Replay it: it should go in now.'
		}
	]
];

const OTHER: Sentences = {
	'pt-BR': 'Algo deu errado ao aplicar este webhook. Veja o detalhe e reaplique.',
	en: 'Something went wrong while applying this webhook. Look at the detail and replay it.'
};

/** Why a webhook failed, in a sentence that says what to do. `error` is as `webhook_events` keeps it. */
export function webhookFault(error: string, locale: Locale): string {
	return (FAULTS.find(([pattern]) => pattern.test(error))?.[1] ?? OTHER)[locale];
}
