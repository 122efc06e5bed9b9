import type { Intent, Understood } from './understand.ts';

type Sentences = Record<Understood['language'], string>;

/** Stands before every text, so that nobody takes a rule for a thought. */
export const SIMULATED: Sentences = { 'pt-BR': '[modelo simulado] ', en: '[simulated model] ' };

export const ANSWERS: Record<Intent, Sentences> = {
	person: {
		'pt-BR': 'Claro, vou chamar uma pessoa da equipe para continuar com você.',
		en: 'Of course, I am calling someone from the team to continue with you.'
	},
	cancel: {
		'pt-BR': 'Entendi que você quer cancelar. Uma pessoa da equipe vai cuidar disso com você.',
		en: 'I understand that you want to cancel. Someone from the team will take care of it with you.'
	},
	complaint: {
		'pt-BR': 'Sinto muito pelo transtorno. Vou passar a conversa para uma pessoa agora.',
		en: 'I am sorry for the trouble. I am handing this conversation to a person now.'
	},
	invoice: {
		'pt-BR': 'Posso enviar a segunda via. Qual é o CPF ou CNPJ do titular?',
		en: 'I can send a copy of the invoice. What is the CPF or CNPJ of the holder?'
	},
	unblock: {
		'pt-BR': 'Posso ver a liberação por confiança. Qual é o CPF ou CNPJ do titular?',
		en: 'I can look into a trust unblock. What is the CPF or CNPJ of the holder?'
	},
	connection: {
		'pt-BR': 'Vamos ver a sua conexão. O modem está ligado? Se quiser, informe o CPF do titular.',
		en: 'Let us look at your connection. Is the modem on? If you like, send the CPF of the holder.'
	},
	schedule: {
		'pt-BR': 'Posso agendar. Qual dia e horário são melhores para você?',
		en: 'I can schedule it. Which day and time suit you best?'
	},
	buy: {
		'pt-BR': 'Que bom o seu interesse! Conte o que você procura e eu ajudo a escolher.',
		en: 'Great that you are interested! Tell me what you are looking for and I will help you choose.'
	},
	hours: {
		'pt-BR': 'Não encontrei o horário nos documentos que recebi. Quer que eu chame alguém da equipe?',
		en: 'I did not find the opening hours in the documents I was given. Shall I call someone?'
	},
	thanks: { 'pt-BR': 'Por nada! Precisando, é só chamar.', en: 'You are welcome! Just write if you need anything.' },
	greeting: { 'pt-BR': 'Olá! Como posso ajudar?', en: 'Hello! How can I help?' },
	other: {
		'pt-BR': 'Não tenho certeza se entendi. Pode contar um pouco mais?',
		en: 'I am not sure I understood. Can you tell me a little more?'
	}
};

export const ACCORDING: Sentences = { 'pt-BR': 'Segundo o documento', en: 'According to the document' };
export const FOUND: Sentences = { 'pt-BR': 'Encontrei isto:', en: 'I found this:' };
export const FAILED: Sentences = {
	'pt-BR': 'Não consegui consultar isso agora. Vou chamar uma pessoa da equipe.',
	en: 'I could not look that up just now. I am calling someone from the team.'
};
