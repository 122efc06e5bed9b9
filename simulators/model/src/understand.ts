import { fold } from '@prosa/core/text/fold.ts';

export type Intent =
	| 'person'
	| 'invoice'
	| 'unblock'
	| 'connection'
	| 'cancel'
	| 'complaint'
	| 'buy'
	| 'schedule'
	| 'hours'
	| 'thanks'
	| 'greeting'
	| 'other';

/** The first that fits is meant; what needs a person stands before what can be answered. */
const INTENTS: [Intent, RegExp][] = [
	[
		'person',
		/\b(atendente|humano|pessoa de verdade|falar com (alguem|uma pessoa)|gerente|human|agent|real person|someone)\b/
	],
	['cancel', /\b(cancelar|cancelamento|encerrar (o )?contrato|cancel)\b/],
	['unblock', /\b(desbloque\w*|liberar|liberacao|religar|promessa|unblock|unlock)\b/],
	['invoice', /\b(boleto|fatura|segunda via|2a via|pix|pagar|conta|invoice|bill)\b/],
	['connection', /\b(sem internet|internet (caiu|lenta|parou)|conexao|sinal|modem|offline|no internet|slow)\b/],
	['complaint', /\b(absurdo|pessim\w+|horrivel|reclam\w+|procon|processar|vergonha|terrible|awful|complain\w*)\b/],
	['schedule', /\b(agendar|agendamento|marcar|horario para|visita|schedule|appointment)\b/],
	['buy', /\b(plano|planos|preco|quanto custa|valor|contratar|comprar|encomend\w+|price|buy|plans?)\b/],
	['hours', /\b(abre|abrem|fecha|fecham|aberto|funcionamento|horario|opening hours|open)\b/],
	['thanks', /\b(obrigad[oa]|valeu|agradeco|thanks|thank you)\b/],
	['greeting', /^(oi|ola|bom dia|boa tarde|boa noite|e ai|hi|hello|hey)\b/]
];

const ANGRY = /\b(absurdo|pessim\w+|horrivel|raiva|vergonha|procon|processar|lixo|terrible|awful|angry|worst)\b/;
const HAPPY = /\b(obrigad[oa]|otim\w+|adorei|perfeito|excelente|valeu|thanks|great|love|perfect)\b/;
const URGENT = /\b(urgente|agora|imediat\w+|hoje ainda|socorro|urgent|asap|right now|immediately)\b/;
const ENGLISH = /\b(the|is|are|my|you|please|hello|hi|thanks|what|how|want|need|can|invoice|price|with)\b/g;
const PORTUGUESE = /\b(o|a|os|de|que|meu|minha|voce|por favor|oi|ola|quero|preciso|nao|como|qual|com|uma?)\b/g;

export interface Understood {
	intent: Intent;
	language: 'pt-BR' | 'en';
	sentiment: 'negative' | 'neutral' | 'positive';
	urgency: 'low' | 'normal' | 'high';
	temperature: 'cold' | 'warm' | 'hot';
}

/** What a customer wants, by words alone. */
export function understand(text: string): Understood {
	const folded = fold(text);
	const intent = INTENTS.find(([, words]) => words.test(folded))?.[0] ?? 'other';
	const english = folded.match(ENGLISH)?.length ?? 0;
	const portuguese = folded.match(PORTUGUESE)?.length ?? 0;
	return {
		intent,
		language: english > portuguese ? 'en' : 'pt-BR',
		sentiment: ANGRY.test(folded) ? 'negative' : HAPPY.test(folded) ? 'positive' : 'neutral',
		urgency: URGENT.test(folded) || intent === 'complaint' ? 'high' : intent === 'thanks' ? 'low' : 'normal',
		temperature: intent === 'buy' ? (URGENT.test(folded) ? 'hot' : 'warm') : 'cold'
	};
}
