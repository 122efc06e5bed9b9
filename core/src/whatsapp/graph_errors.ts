import type { Locale, Sentences } from '../locale.ts';

/**
 * What the sender does:
 * - retry: the fault passes; try this message again, then fail
 * - slow: the number or the account is over its limit; hold the whole channel back, keep order, try again
 * - pair: too many to this one person; wait 4^n seconds
 * - later: no use within a day; the message fails with the time from which it may be sent again
 * - optout: the person stopped marketing; record it, never try again
 * - template: the template is at fault; stop it and tell who runs it
 * - hold: token, permission or account; the channel needs attention and its outbox waits, losing nothing
 * - fail: this message will never go; say why
 */
export type GraphAction = 'retry' | 'slow' | 'pair' | 'later' | 'optout' | 'template' | 'hold' | 'fail';

export interface GraphRule {
	action: GraphAction;
	/** Seconds before the next try, given how many tries there were (1 after the first). Null: no next try. */
	after_seconds: (tries: number) => number | null;
	sentence: Sentences;
	/** The composer should offer an approved template instead. */
	offer_template?: true;
}

const DAY = 86_400;

const never = () => null;
/** first, first × factor, … at most `most` seconds, given up after `tries`. */
const growing =
	(first: number, factor: number, most: number, tries = Infinity) =>
	(count: number) =>
		count >= tries ? null : Math.min(most, first * factor ** Math.max(0, count - 1));

const fail = (pt: string, en: string): GraphRule => rule('fail', never, pt, en);
const hold = (pt: string, en: string): GraphRule => rule('hold', never, pt, en);
const template = (pt: string, en: string): GraphRule => rule('template', never, pt, en);

function rule(action: GraphAction, after: GraphRule['after_seconds'], pt: string, en: string): GraphRule {
	return { action, after_seconds: after, sentence: { 'pt-BR': pt, en } };
}

const metaFault = rule(
	'retry',
	growing(2, 2, 300, 8),
	'O WhatsApp está com problemas no momento. Tentamos várias vezes; envie de novo mais tarde.',
	'WhatsApp is having trouble right now. We tried several times; send again later.'
);
const media = rule(
	'retry',
	growing(5, 3, 120, 4),
	'O WhatsApp não conseguiu processar o arquivo. Confira formato e tamanho e envie de novo.',
	'WhatsApp could not process the file. Check its format and size and send it again.'
);
const token = hold(
	'A conexão com o WhatsApp perdeu a autorização. Um administrador precisa reconectar o número; nada foi perdido.',
	'The connection to WhatsApp lost its authorization. An administrator must reconnect the number; nothing was lost.'
);
const tooMany = (first: number) =>
	rule(
		'slow',
		growing(first, 2, 600),
		'O limite de envio do número foi atingido. A mensagem segue na fila e sai em instantes.',
		'The number reached its sending limit. The message stays queued and leaves shortly.'
	);
const healthy = rule(
	'later',
	() => DAY,
	'O WhatsApp limita mensagens de marketing para esta pessoa. Espere pelo menos 24 horas.',
	'WhatsApp limits marketing messages to this person. Wait at least 24 hours.'
);
const parameter = fail(
	'O WhatsApp recusou o conteúdo da mensagem. Revise-o e envie de novo.',
	'WhatsApp refused the content of the message. Revise it and send again.'
);
const account = hold(
	'A conta do WhatsApp está bloqueada ou com pendências na Meta. Um administrador precisa resolver; nada foi perdido.',
	'The WhatsApp account is blocked or has something pending at Meta. An administrator must resolve it; nothing was lost.'
);

/** Meta's codes and what we do about each (whatsapp.md; Meta's error reference). */
export const GRAPH_ERRORS: ReadonlyMap<number, GraphRule> = new Map([
	[130429, tooMany(1)],
	[80007, tooMany(60)],
	[4, tooMany(60)],
	[
		131056,
		rule(
			'pair',
			(tries) => Math.min(4 ** Math.max(1, tries), 4096),
			'Muitas mensagens seguidas para a mesma pessoa. A mensagem segue na fila e sai em instantes.',
			'Too many messages in a row to the same person. The message stays queued and leaves shortly.'
		)
	],
	[
		131048,
		rule(
			'later',
			() => DAY,
			'O WhatsApp restringiu este número por denúncias de spam. Espere pelo menos 24 horas e veja a qualidade do número.',
			'WhatsApp restricted this number after spam reports. Wait at least 24 hours and check the quality of the number.'
		)
	],
	[131049, healthy],
	[
		131050,
		rule(
			'optout',
			never,
			'Esta pessoa não quer mais receber mensagens de marketing da empresa.',
			'This person no longer wants marketing messages from the company.'
		)
	],
	[
		131047,
		{
			...fail(
				'Passaram mais de 24 horas desde a última mensagem da pessoa. Envie um modelo aprovado.',
				'More than 24 hours have passed since the last message from this person. Send an approved template.'
			),
			offer_template: true
		}
	],
	[
		131026,
		fail(
			'Não foi possível entregar: o número não tem WhatsApp, bloqueou a empresa ou usa uma versão antiga do aplicativo.',
			'Could not be delivered: the number has no WhatsApp, blocked the company or runs an old version of the app.'
		)
	],
	[131021, fail('Não é possível enviar para o próprio número da empresa.', 'You cannot send to your own number.')],
	[131051, fail('O WhatsApp não aceita este tipo de mensagem.', 'WhatsApp does not accept this type of message.')],
	[
		130472,
		fail(
			'O WhatsApp não entregou: esta pessoa está num experimento da Meta sobre mensagens de marketing.',
			'WhatsApp did not deliver: this person is part of an experiment of Meta on marketing messages.'
		)
	],
	[
		131062,
		fail(
			'Códigos de autenticação só podem ser enviados a um número de telefone.',
			'Authentication codes can only be sent to a phone number.'
		)
	],
	[
		131030,
		fail(
			'O número de teste da Meta só envia para telefones cadastrados. Cadastre este telefone ou use um número próprio.',
			'A test number of Meta only sends to registered phones. Register this phone or use a number of your own.'
		)
	],
	...[100, 131008, 131009, 135000].map((code): [number, GraphRule] => [code, parameter]),
	...[132000, 132012].map((code): [number, GraphRule] => [
		code,
		template(
			'Os campos preenchidos não batem com o modelo. Confira cada variável do modelo.',
			'The values filled in do not match the template. Check every variable of the template.'
		)
	]),
	[
		132001,
		template(
			'O modelo não existe neste idioma ou ainda não foi aprovado.',
			'The template does not exist in this language, or is not approved yet.'
		)
	],
	[
		132005,
		template(
			'O texto do modelo ficou longo demais depois de preenchido. Encurte os valores.',
			'The text of the template became too long once filled in. Shorten the values.'
		)
	],
	[
		132007,
		template('O modelo viola uma política do WhatsApp. Edite-o.', 'The template violates a WhatsApp policy. Edit it.')
	],
	[
		132015,
		template(
			'O modelo está pausado por baixa qualidade. Use outro até ele voltar.',
			'The template is paused because of low quality. Use another one until it is back.'
		)
	],
	[
		132016,
		template(
			'O modelo foi desativado por baixa qualidade. Crie um novo.',
			'The template was disabled because of low quality. Create a new one.'
		)
	],
	...[132068, 132069].map((code): [number, GraphRule] => [
		code,
		template(
			'O formulário (Flow) deste modelo está bloqueado ou limitado pelo WhatsApp.',
			'The Flow of this template is blocked or throttled by WhatsApp.'
		)
	]),
	...[131052, 131053].map((code): [number, GraphRule] => [code, media]),
	...[190, 0, 3, 10, 200, 131005].map((code): [number, GraphRule] => [code, token]),
	...[33, 368, 131031, 131037, 131042, 131045, 133010].map((code): [number, GraphRule] => [code, account]),
	...[1, 2, 131000, 131016, 131057, 133004].map((code): [number, GraphRule] => [code, metaFault])
]);

/**
 * The rule for a code of the Graph API. A code nobody has listed: 200 to 299 are permissions (hold), an HTTP status of
 * 429 slows the channel, 500 and above is Meta's fault (retry); anything else would be refused again (fail).
 */
export function graphRule(code: number, httpStatus = 400): GraphRule {
	const known = GRAPH_ERRORS.get(code);
	if (known) return known;
	if (code >= 200 && code < 300) return token;
	if (httpStatus === 429) return tooMany(5);
	return httpStatus >= 500 ? metaFault : parameter;
}

/** One sentence for the agent about a failed message. */
export function graphSentence(code: number, locale: Locale): string {
	return graphRule(code).sentence[locale];
}
