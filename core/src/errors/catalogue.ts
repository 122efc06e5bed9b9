import type { Locale, Sentences } from '../locale.ts';

/** One error a person can meet: the HTTP status it comes with and what to tell them. */
export interface CatalogueEntry extends Sentences {
	status: number;
}

/** Every code the database and the doors answer with. A test holds this against sql/. */
export const CATALOGUE = {
	not_signed_in: {
		status: 401,
		'pt-BR': 'Sua sessão terminou. Entre de novo.',
		en: 'Your session has ended. Please sign in again.'
	},
	ai_budget_spent: {
		status: 402,
		'pt-BR': 'O orçamento de IA da empresa acabou por agora. Aumente-o nas configurações ou espere o próximo período.',
		en: "The workspace's AI budget is spent for now. Raise it in the settings or wait for the next period."
	},
	ai_price_unknown: {
		status: 422,
		'pt-BR':
			'Não há preço para este modelo, e com orçamento ele não pode ser usado. Informe o preço nas configurações.',
		en: 'There is no price for this model, so it cannot be used on a budget. Enter its price in the settings.'
	},
	sgp_document_invalid: {
		status: 422,
		'pt-BR': 'Este CPF ou CNPJ não existe. Confira os números e tente de novo.',
		en: 'There is no such CPF or CNPJ. Check its digits and try again.'
	},
	sgp_refused: {
		status: 502,
		'pt-BR': 'O SGP recusou o acesso. Confira o token e o app nas configurações da integração.',
		en: 'SGP refused access. Check the token and app in the settings of the integration.'
	},
	sgp_unreachable: {
		status: 503,
		'pt-BR': 'O SGP não respondeu. Tente de novo em alguns minutos.',
		en: 'SGP did not answer. Try again in a few minutes.'
	},
	sgp_unreadable: {
		status: 502,
		'pt-BR': 'O SGP respondeu algo que não se pode ler. Confira o endereço nas configurações da integração.',
		en: 'SGP answered something that cannot be read. Check the address in the settings of the integration.'
	},
	sgp_unsettled: {
		status: 504,
		'pt-BR': 'Não se sabe se o SGP fez a liberação. Confira o contrato no SGP antes de pedir de novo.',
		en: 'Nobody knows whether SGP unblocked the contract. Look at it in SGP before asking again.'
	},
	not_allowed: {
		status: 403,
		'pt-BR': 'Seu perfil não permite fazer isso. Fale com quem administra a empresa.',
		en: 'Your role does not allow this. Ask an administrator.'
	},
	mfa_required: {
		status: 403,
		'pt-BR':
			'Esta empresa pede a verificação em duas etapas. Ative-a no seu perfil, ou informe o código, e tente de novo.',
		en: 'This workspace requires a second factor. Turn it on in your profile, or enter its code, and try again.'
	},
	not_yours_to_grant: {
		status: 403,
		'pt-BR': 'Você só pode dar ou tirar permissões que também tem. Peça a quem administra a empresa.',
		en: 'You can only give or take permissions that you hold yourself. Ask an administrator.'
	},
	role_not_found: {
		status: 404,
		'pt-BR': 'Este papel não existe mais. Escolha outro.',
		en: 'This role no longer exists. Choose another one.'
	},
	role_name_taken: {
		status: 409,
		'pt-BR': 'Já existe um papel com este nome. Dê outro nome.',
		en: 'There is a role of this name already. Choose another name.'
	},
	role_name_invalid: {
		status: 422,
		'pt-BR': 'O papel precisa de um nome de até 60 letras e de uma descrição de até 200.',
		en: 'A role needs a name of up to 60 characters and a description of up to 200.'
	},
	permission_unknown: {
		status: 422,
		'pt-BR': 'Há aqui uma permissão que esta versão não conhece. Recarregue a página e tente de novo.',
		en: 'There is a permission here that this version does not know. Reload the page and try again.'
	},
	role_in_use: {
		status: 409,
		'pt-BR': 'Há pessoas ou convites com este papel. Escolha o papel que elas passam a ter.',
		en: 'People or invitations have this role. Choose the role they get instead.'
	},
	last_admin: {
		status: 409,
		'pt-BR': 'A empresa precisa de alguém na administração. Dê antes este papel a outra pessoa.',
		en: 'A workspace needs an administrator. Give that role to somebody else first.'
	},
	member_not_found: {
		status: 404,
		'pt-BR': 'Esta pessoa não faz parte da empresa. Recarregue a lista.',
		en: 'This person is not part of the workspace. Reload the list.'
	},
	mfa_first: {
		status: 403,
		'pt-BR': 'Ative antes a sua verificação em duas etapas e entre com ela: assim você não fica de fora.',
		en: 'Turn on your own second factor first and sign in with it, so that you do not lock yourself out.'
	},
	name_invalid: {
		status: 422,
		'pt-BR': 'O nome precisa ter de 1 a 80 letras. Escreva de novo.',
		en: 'A name has 1 to 80 characters. Write it again.'
	},
	sign_up_closed: {
		status: 403,
		'pt-BR': 'Novas empresas não são abertas por aqui. Peça acesso a quem cuida desta instalação.',
		en: 'New workspaces are not opened here. Ask whoever runs this installation for access.'
	},
	email_not_confirmed: {
		status: 403,
		'pt-BR': 'Confirme primeiro o seu e-mail pelo link que enviamos.',
		en: 'Confirm your e-mail address first, by the link we sent.'
	},
	workspace_name_invalid: {
		status: 422,
		'pt-BR': 'O nome da empresa precisa ter de 2 a 120 letras. Escreva de novo.',
		en: 'The name of a workspace has 2 to 120 characters. Write it again.'
	},
	slug_invalid: {
		status: 422,
		'pt-BR': 'Use no endereço de 2 a 40 letras sem acento, números e hífens. Alguns nomes são da própria Prosa.',
		en: 'An address has 2 to 40 plain letters, digits and hyphens. Some names are Prosa’s own.'
	},
	slug_taken: {
		status: 409,
		'pt-BR': 'Este endereço já é de outra empresa. Escolha outro.',
		en: 'This address belongs to another workspace. Choose another.'
	},
	timezone_invalid: {
		status: 422,
		'pt-BR': 'Este fuso horário não existe. Escolha outro na lista.',
		en: 'There is no such time zone. Choose another on the list.'
	},
	workspaces_too_many: {
		status: 429,
		'pt-BR': 'Você já abriu três empresas hoje. Abra a próxima amanhã.',
		en: 'You have opened three workspaces today. Open the next one tomorrow.'
	},
	onboarding_step_unknown: {
		status: 422,
		'pt-BR': 'Este passo não existe. Atualize a página.',
		en: 'There is no such step. Reload the page.'
	},
	avatar_not_found: {
		status: 404,
		'pt-BR': 'A foto não chegou. Envie de novo.',
		en: 'The picture has not arrived. Send it again.'
	},
	invitation_not_found: {
		status: 404,
		'pt-BR': 'Este convite não existe. Confira o link ou peça outro convite.',
		en: 'There is no such invitation. Check the link, or ask for another one.'
	},
	invitation_closed: {
		status: 409,
		'pt-BR': 'Este convite já foi usado ou cancelado. Peça outro a quem convidou você.',
		en: 'This invitation was used or withdrawn. Ask whoever invited you for another one.'
	},
	invitation_expired: {
		status: 410,
		'pt-BR': 'Este convite venceu: ele vale por sete dias. Peça outro a quem convidou você.',
		en: 'This invitation has expired: it is good for seven days. Ask whoever invited you for another one.'
	},
	invitation_for_another: {
		status: 403,
		'pt-BR': 'Este convite é para outro e-mail. Saia e entre com a conta que recebeu o convite.',
		en: 'This invitation is for another address. Sign out, and sign in with the account that received it.'
	},
	invitation_just_sent: {
		status: 429,
		'pt-BR': 'O e-mail acabou de sair. Espere um minuto antes de enviar outro.',
		en: 'The mail has just left. Wait a minute before you send another one.'
	},
	invitations_too_many: {
		status: 429,
		'pt-BR': 'São convites demais: até 50 de uma vez e 200 por dia. Envie o resto depois.',
		en: 'Too many invitations: 50 at once and 200 a day at most. Send the rest later.'
	},
	conversation_not_found: {
		status: 404,
		'pt-BR': 'Esta conversa não existe ou você não tem acesso a ela.',
		en: 'This conversation does not exist, or you have no access to it.'
	},
	message_not_found: {
		status: 404,
		'pt-BR': 'Esta mensagem não existe ou você não tem acesso a ela.',
		en: 'This message does not exist, or you have no access to it.'
	},
	canned_response_not_found: {
		status: 404,
		'pt-BR': 'Esta resposta rápida não existe mais ou não é sua.',
		en: 'This canned response no longer exists, or it is not yours.'
	},
	canned_response_invalid: {
		status: 422,
		'pt-BR': 'A resposta rápida não está completa. Confira o atalho, o título, os textos e as variáveis.',
		en: 'The canned response is not complete. Check its shortcut, title, texts and variables.'
	},
	canned_shortcut_taken: {
		status: 409,
		'pt-BR': 'Já existe uma resposta rápida com este atalho. Escolha outro.',
		en: 'There is a canned response with this shortcut already. Choose another.'
	},
	scheduled_message_not_found: {
		status: 404,
		'pt-BR': 'Esta mensagem agendada não existe ou você não tem acesso a ela.',
		en: 'This scheduled message does not exist, or you have no access to it.'
	},
	scheduled_message_gone: {
		status: 409,
		'pt-BR': 'Esta mensagem agendada já foi enviada ou cancelada.',
		en: 'This scheduled message has already been sent or cancelled.'
	},
	schedule_kind_invalid: {
		status: 422,
		'pt-BR': 'Arquivos e reações não podem ser agendados. Agende um texto, botões ou um modelo.',
		en: 'Files and reactions can’t be scheduled. Schedule a text, buttons or a template.'
	},
	schedule_time_invalid: {
		status: 422,
		'pt-BR': 'Escolha um horário no futuro, em até um ano.',
		en: 'Choose a time in the future, within a year.'
	},
	media_not_found: {
		status: 404,
		'pt-BR': 'O arquivo não está mais aqui: o que é anexado e não é enviado dura um dia. Anexe-o de novo.',
		en: 'The file is no longer here: what is attached and not sent lasts a day. Attach it again.'
	},
	channel_not_found: {
		status: 404,
		'pt-BR': 'Este canal não existe ou você não tem acesso a ele.',
		en: 'This channel does not exist, or you have no access to it.'
	},
	contact_not_found: {
		status: 404,
		'pt-BR': 'Este contato não existe mais. Talvez tenha sido unido a outro: procure pelo nome ou número.',
		en: 'This contact no longer exists. It may have been merged into another: search by name or number.'
	},
	contact_name_invalid: {
		status: 422,
		'pt-BR': 'Um contato precisa de um nome com até 200 letras. Escreva o nome e salve de novo.',
		en: 'A contact needs a name of up to 200 letters. Write the name and save again.'
	},
	contact_email_invalid: {
		status: 422,
		'pt-BR': 'Este e-mail não está completo. Escreva como em nome@empresa.com.br.',
		en: 'This e-mail address is not complete. Write it as in name@company.com.'
	},
	contact_fact_not_found: {
		status: 404,
		'pt-BR': 'Isto já foi esquecido. Atualize a página para ver o que se sabe do contato.',
		en: 'This has been forgotten already. Reload the page to see what is known of the contact.'
	},
	contact_fact_invalid: {
		status: 422,
		'pt-BR': 'Escreva uma frase curta, sem documento, telefone, e-mail ou número de cartão: isso tem lugar próprio.',
		en: 'Write a short sentence without document, phone, card number or e-mail address: those have places of their own.'
	},
	contact_facts_full: {
		status: 409,
		'pt-BR': 'Já há 30 coisas anotadas deste contato. Esqueça alguma para anotar outra.',
		en: 'There are 30 notes on this contact already. Forget one to write another.'
	},
	contact_language_invalid: {
		status: 422,
		'pt-BR': 'Este idioma não é conhecido. Escolha um da lista.',
		en: 'This language is not known. Choose one from the list.'
	},
	consent_invalid: {
		status: 422,
		'pt-BR': 'Falta dizer para quê ou o que a pessoa respondeu. Complete o consentimento e salve de novo.',
		en: 'It does not say what for, or what the person answered. Complete the consent and save again.'
	},
	hours_invalid: {
		status: 422,
		'pt-BR':
			'Este horário não pode ser salvo. Confira se cada intervalo termina depois de começar e não encosta em outro.',
		en: 'These hours cannot be saved. Check that each span ends after it begins and touches no other.'
	},
	holiday_not_found: {
		status: 404,
		'pt-BR': 'Este feriado não está mais na lista. Atualize a página.',
		en: 'This holiday is no longer on the list. Reload the page.'
	},
	holiday_exists: {
		status: 409,
		'pt-BR': 'Já existe um feriado neste dia. Mude o que está na lista.',
		en: 'There is already a holiday on this day. Change the one on the list.'
	},
	year_invalid: {
		status: 422,
		'pt-BR': 'Este ano não pode ser usado. Escolha um entre 2000 e 2199.',
		en: 'This year cannot be used. Choose one between 2000 and 2199.'
	},
	attribute_not_found: {
		status: 404,
		'pt-BR': 'Este atributo não existe mais. Atualize a página e escolha outro.',
		en: 'This attribute no longer exists. Reload the page and choose another.'
	},
	attribute_exists: {
		status: 409,
		'pt-BR': 'Já existe um atributo com esta chave. Escolha outra chave.',
		en: 'There is already an attribute with this key. Choose another key.'
	},
	attribute_invalid: {
		status: 422,
		'pt-BR': 'O valor não combina com o tipo do atributo. Corrija o valor e salve de novo.',
		en: 'The value does not fit the type of the attribute. Correct it and save again.'
	},
	attributes_required: {
		status: 422,
		'pt-BR': 'Falta informar o que esta empresa exige para encerrar. Preencha e encerre de novo.',
		en: 'What this workspace asks for before closing is missing. Fill it in and close again.'
	},
	attribute_definition_invalid: {
		status: 422,
		'pt-BR': 'Dê ao atributo um nome, uma chave em letras minúsculas e, se for de escolha, ao menos uma opção.',
		en: 'Give the attribute a name, a key in lower case and, if it is a choice, at least one option.'
	},
	actions_invalid: {
		status: 422,
		'pt-BR': 'Há uma ação incompleta na lista. Complete-a ou retire-a e tente de novo.',
		en: 'An action in the list is incomplete. Complete or remove it and try again.'
	},
	action_failed: {
		status: 422,
		'pt-BR': 'Uma das ações não pôde ser feita, então nada mudou nesta conversa. Revise a ação e tente de novo.',
		en: 'One of the actions could not be done, so nothing changed in this conversation. Check it and try again.'
	},
	too_many_conversations: {
		status: 422,
		'pt-BR': 'São conversas demais de uma vez. Escolha até 500.',
		en: 'Those are too many conversations at once. Choose up to 500.'
	},
	too_many_canned_responses: {
		status: 422,
		'pt-BR': 'São respostas demais de uma vez. Importe até 500 por vez.',
		en: 'Those are too many canned responses at once. Import up to 500 at a time.'
	},
	undo_expired: {
		status: 409,
		'pt-BR': 'O prazo para desfazer terminou. Faça a mudança de volta à mão.',
		en: 'The time for undoing has passed. Change it back by hand.'
	},
	preview_ends: {
		status: 409,
		'pt-BR': 'Era só uma prévia: nada mudou.',
		en: 'That was only a preview: nothing has changed.'
	},
	rule_not_found: {
		status: 404,
		'pt-BR': 'Esta regra não existe mais. Atualize a página.',
		en: 'This rule no longer exists. Reload the page.'
	},
	rule_invalid: {
		status: 422,
		'pt-BR': 'Dê um nome à regra, escolha quando ela roda e, se for por espera, quantos minutos.',
		en: 'Give the rule a name, choose when it runs and, if it is about waiting, how many minutes.'
	},
	conditions_invalid: {
		status: 422,
		'pt-BR': 'Há uma condição incompleta. Complete-a ou retire-a e salve de novo.',
		en: 'A condition is incomplete. Complete or remove it and save again.'
	},
	macro_not_found: {
		status: 404,
		'pt-BR': 'Esta macro não existe mais. Atualize a lista e escolha outra.',
		en: 'This macro no longer exists. Reload the list and choose another.'
	},
	macro_invalid: {
		status: 422,
		'pt-BR': 'Dê um nome à macro, de até 80 letras, e use como tecla uma só letra ou número.',
		en: 'Give the macro a name of up to 80 letters, and as its key one letter or digit.'
	},
	contacts_same: {
		status: 422,
		'pt-BR': 'É o mesmo contato. Escolha outro para unir.',
		en: 'That is the same contact. Choose another one to merge.'
	},
	merge_not_found: {
		status: 404,
		'pt-BR': 'Esta união não existe ou você não tem acesso a ela.',
		en: 'This merge does not exist, or you have no access to it.'
	},
	merge_not_last: {
		status: 409,
		'pt-BR': 'Este contato passou por outra união depois desta. Separe primeiro a mais recente.',
		en: 'This contact was merged again after that. Part the latest merge first.'
	},
	phone_invalid: {
		status: 422,
		'pt-BR': 'Nenhum número completo aqui. Escreva com código do país e DDD, como +55 11 98888-7777.',
		en: 'There is no complete number here. Write it with country and area code, such as +55 11 98888-7777.'
	},
	tenant_not_found: {
		status: 404,
		'pt-BR': 'Esta empresa não existe ou você não faz parte dela.',
		en: 'This workspace does not exist, or you are not part of it.'
	},
	search_empty: {
		status: 422,
		'pt-BR': 'Diga o que procurar: um nome, uma palavra ou ao menos quatro números de um telefone.',
		en: 'Say what to look for: a name, a word, or at least four digits of a phone number.'
	},
	report_invalid: {
		status: 422,
		'pt-BR': 'Não há relatório assim. Escolha um período de até um ano, com o início antes do fim.',
		en: 'There is no such report. Choose a period of up to one year that begins before it ends.'
	},
	notification_not_found: {
		status: 404,
		'pt-BR': 'Este aviso não existe mais. Atualize a página.',
		en: 'This notification no longer exists. Refresh the page.'
	},
	notification_type_unknown: {
		status: 422,
		'pt-BR': 'Este tipo de aviso não existe. Atualize a página.',
		en: 'There is no such kind of notification. Refresh the page.'
	},
	notification_settings_invalid: {
		status: 422,
		'pt-BR': 'Algo nestas preferências não pode ser salvo. Confira horários, volume e prazo do e-mail.',
		en: 'Something in these preferences cannot be saved. Check the times, the volume and the e-mail delay.'
	},
	push_subscription_invalid: {
		status: 422,
		'pt-BR':
			'O navegador deu um endereço de avisos que não serve. Desative os avisos neste dispositivo e ative de novo.',
		en: 'The browser gave a push address that does not work. Turn notifications off on this device and on again.'
	},
	push_device_not_found: {
		status: 404,
		'pt-BR': 'Este dispositivo não recebe mais avisos. Ative-os de novo nele.',
		en: 'This device no longer gets notifications. Turn them on again there.'
	},
	webhook_event_not_found: {
		status: 404,
		'pt-BR': 'Este webhook não existe mais ou você não tem acesso a ele.',
		en: 'This webhook no longer exists, or you have no access to it.'
	},
	webhook_event_not_failed: {
		status: 409,
		'pt-BR': 'Só um webhook que falhou pode ser corrigido ou dispensado. Atualize a página.',
		en: 'Only a webhook that failed can be mended or dismissed. Refresh the page.'
	},
	webhook_body_invalid: {
		status: 422,
		'pt-BR': 'O texto corrigido não é um JSON válido. Confira vírgulas, aspas e chaves e salve de novo.',
		en: 'The mended text is not valid JSON. Check commas, quotes and braces, and save again.'
	},
	webhook_nothing_to_replay: {
		status: 409,
		'pt-BR': 'Nenhum webhook corresponde ao filtro. Mude o filtro e tente de novo.',
		en: 'No webhook fits the filter. Change the filter and try again.'
	},
	number_taken: {
		status: 409,
		'pt-BR': 'Este número já está conectado à Prosa. Desconecte-o onde está antes de conectá-lo aqui.',
		en: 'This number is already connected to Prosa. Disconnect it where it is before connecting it here.'
	},
	input_invalid: {
		status: 422,
		'pt-BR': 'Algum campo está vazio ou tem um formato que não conhecemos. Confira e tente de novo.',
		en: 'A field is empty or has a form we do not know. Check it and try again.'
	},
	rate_limited: {
		status: 429,
		'pt-BR': 'Muitas tentativas seguidas. Aguarde um minuto e tente de novo.',
		en: 'Too many attempts in a row. Wait a minute and try again.'
	},
	token_invalid: {
		status: 422,
		'pt-BR':
			'A Meta não reconhece este token. Copie-o de novo, inteiro, em Usuários do sistema, no Gerenciador de Negócios.',
		en: 'Meta does not recognise this token. Copy all of it again under System users in Business Manager.'
	},
	token_expired: {
		status: 422,
		'pt-BR': 'Este token já venceu. Gere outro em Usuários do sistema; os que nunca vencem são os melhores.',
		en: 'This token has expired. Create another under System users; those that never expire are best.'
	},
	token_scopes_missing: {
		status: 422,
		'pt-BR':
			'Faltam permissões neste token. Gere outro com whatsapp_business_messaging e whatsapp_business_management marcadas.',
		en: 'This token lacks permissions. Create another with whatsapp_business_messaging and whatsapp_business_management ticked.'
	},
	account_not_found: {
		status: 422,
		'pt-BR':
			'Este token não alcança essa conta do WhatsApp. Confira o ID da conta e se ela foi atribuída ao usuário do sistema.',
		en: 'This token does not reach that WhatsApp account. Check the account ID and that it is assigned to the system user.'
	},
	number_not_found: {
		status: 422,
		'pt-BR': 'Este número não está nessa conta do WhatsApp. Volte um passo e escolha um da lista.',
		en: 'This number is not in that WhatsApp account. Go back one step and pick one from the list.'
	},
	number_not_registered: {
		status: 422,
		'pt-BR':
			'Este número ainda não foi registrado na Cloud API. Informe o PIN de 6 dígitos da verificação em duas etapas.',
		en: 'This number is not registered with the Cloud API yet. Enter the 6-digit PIN of its two-step verification.'
	},
	number_pin_wrong: {
		status: 422,
		'pt-BR': 'A Meta não aceitou este PIN. Confira a verificação em duas etapas do número e tente de novo.',
		en: 'Meta did not accept this PIN. Check the two-step verification of the number and try again.'
	},
	subscription_failed: {
		status: 422,
		'pt-BR':
			'A Meta não aceitou entregar os webhooks desta conta ao aplicativo. Confira as permissões do token e tente de novo.',
		en: 'Meta did not agree to deliver the webhooks of this account to the app. Check the permissions of the token and try again.'
	},
	token_missing: {
		status: 409,
		'pt-BR': 'Este canal não tem um token que possamos usar. Informe um token novo.',
		en: 'This channel has no token we can use. Enter a new token.'
	},
	graph_unreachable: {
		status: 503,
		'pt-BR': 'A Meta não respondeu agora. Tente de novo em instantes; nada foi alterado.',
		en: 'Meta did not answer just now. Try again in a moment; nothing was changed.'
	},
	graph_refused: {
		status: 422,
		'pt-BR': 'A Meta recusou o pedido. Confira os dados e tente de novo.',
		en: 'Meta refused the request. Check the details and try again.'
	},
	conversation_closed: {
		status: 409,
		'pt-BR': 'A conversa está encerrada. Reabra-a para responder.',
		en: 'The conversation is closed. Reopen it to reply.'
	},
	conversation_is_spam: {
		status: 409,
		'pt-BR': 'A conversa está no spam. Tire-a de lá primeiro.',
		en: 'The conversation is in spam. Take it out of there first.'
	},
	snooze_time_invalid: {
		status: 422,
		'pt-BR': 'Escolha um momento no futuro, dentro de dois anos.',
		en: 'Choose a time in the future, within two years.'
	},
	priority_invalid: {
		status: 422,
		'pt-BR': 'Esta prioridade não existe. Escolha uma da lista.',
		en: 'There is no such priority. Choose one of the list.'
	},
	too_many_tags: {
		status: 422,
		'pt-BR': 'Uma conversa leva até 30 etiquetas. Tire alguma antes de pôr outra.',
		en: 'A conversation takes up to 30 tags. Remove one before adding another.'
	},
	tag_not_found: {
		status: 404,
		'pt-BR': 'Esta etiqueta não existe mais. Atualize a página e escolha outra.',
		en: 'This tag no longer exists. Reload the page and choose another.'
	},
	filter_not_found: {
		status: 404,
		'pt-BR': 'Este filtro não existe mais. Escolha outro na lista de visões.',
		en: 'This filter no longer exists. Choose another in the list of views.'
	},
	filter_invalid: {
		status: 422,
		'pt-BR': 'Dê ao filtro um nome de até 60 caracteres e ao menos uma regra completa.',
		en: 'Give the filter a name of up to 60 characters and at least one complete rule.'
	},
	filter_limit: {
		status: 409,
		'pt-BR': 'Há 200 filtros salvos. Exclua algum que ninguém usa e salve de novo.',
		en: 'There are 200 saved filters. Delete one that nobody uses and save again.'
	},
	tag_name_taken: {
		status: 409,
		'pt-BR': 'Já existe uma etiqueta com este nome. Escolha outro, ou junte as duas.',
		en: 'There already is a tag of this name. Choose another, or merge the two.'
	},
	lead_not_found: {
		status: 404,
		'pt-BR': 'Este lead não existe mais. Atualize a página.',
		en: 'This lead no longer exists. Reload the page.'
	},
	lead_invalid: {
		status: 422,
		'pt-BR': 'Um lead precisa de um título de até 200 letras e de um valor que não seja negativo.',
		en: 'A lead needs a title of at most 200 characters and a value that is not negative.'
	},
	tag_invalid: {
		status: 422,
		'pt-BR': 'O nome da etiqueta precisa ter de 1 a 40 caracteres, e a cor, ser uma da lista.',
		en: 'A tag needs a name of 1 to 40 characters and a colour of the list.'
	},
	note_invalid: {
		status: 422,
		'pt-BR': 'Uma nota precisa ter de 1 a 10.000 caracteres e mencionar até 50 pessoas.',
		en: 'A note needs 1 to 10,000 characters and may mention up to 50 people.'
	},
	note_deleted: {
		status: 409,
		'pt-BR': 'Esta nota foi apagada. Escreva uma nova.',
		en: 'This note was deleted. Write a new one.'
	},
	participant_cannot_see: {
		status: 422,
		'pt-BR': 'Esta pessoa não tem acesso à conversa. Atribua a ela ou à equipe dela primeiro.',
		en: 'This person has no access to the conversation. Assign it to them or to their team first.'
	},
	channel_unreachable: {
		status: 409,
		'pt-BR': 'Este contato não pode ser alcançado por este canal. Escolha outro canal.',
		en: 'This contact cannot be reached on this channel. Choose another channel.'
	},
	conversation_open_elsewhere: {
		status: 409,
		'pt-BR': 'Este contato já tem outra conversa aberta neste canal. Continue por ela.',
		en: 'This contact already has an open conversation on this channel. Continue there.'
	},
	conversations_of_others: {
		status: 422,
		'pt-BR': 'As conversas são de contatos diferentes. Una os contatos primeiro.',
		en: 'The conversations are with different contacts. Merge the contacts first.'
	},
	conversation_merged: {
		status: 409,
		'pt-BR': 'Esta conversa faz parte de outra. Continue lá, ou separe as duas.',
		en: 'This conversation is part of another. Continue there, or part the two.'
	},
	conversation_is_history: {
		status: 409,
		'pt-BR': 'Esta conversa é um histórico importado e só pode ser lida.',
		en: 'This conversation is imported history and can only be read.'
	},
	window_closed: {
		status: 409,
		'pt-BR': 'A janela de 24 horas fechou. Envie um modelo aprovado para retomar a conversa.',
		en: 'The 24-hour window has closed. Send an approved template to resume the conversation.'
	},
	content_invalid: {
		status: 422,
		'pt-BR': 'O WhatsApp não aceitaria esta mensagem. Confira o texto, o arquivo e os botões.',
		en: 'WhatsApp would refuse this message. Check its text, its file and its buttons.'
	},
	template_not_found: {
		status: 404,
		'pt-BR': 'Este modelo não existe neste canal e idioma. Escolha outro.',
		en: 'This template does not exist on this channel in this language. Choose another one.'
	},
	template_not_sendable: {
		status: 409,
		'pt-BR': 'O WhatsApp não enviaria este modelo agora. Veja o estado dele nas configurações e escolha outro.',
		en: 'WhatsApp would not send this template now. See its state in the settings and choose another one.'
	},
	template_parameters_invalid: {
		status: 422,
		'pt-BR': 'Os campos preenchidos não batem com o modelo. Confira cada um e envie de novo.',
		en: 'The values filled in do not match the template. Check each of them and send again.'
	},
	template_exists: {
		status: 409,
		'pt-BR': 'Já existe um modelo com este nome neste idioma. Escolha outro nome ou edite o que existe.',
		en: 'There is already a template of this name in this language. Choose another name or edit that one.'
	},
	template_invalid: {
		status: 422,
		'pt-BR': 'O WhatsApp não aceitaria este modelo. Revise os campos marcados.',
		en: 'WhatsApp would not accept this template. Revise the marked fields.'
	},
	template_busy: {
		status: 409,
		'pt-BR': 'O WhatsApp ainda está respondendo sobre este modelo. Espere um instante e tente de novo.',
		en: 'WhatsApp is still answering about this template. Wait a moment and try again.'
	},
	template_nothing_to_submit: {
		status: 409,
		'pt-BR': 'Não há mudança para enviar à análise. Edite o modelo primeiro.',
		en: 'There is no change to submit for review. Edit the template first.'
	},
	quoted_message_not_found: {
		status: 422,
		'pt-BR': 'A mensagem citada não está mais nesta conversa. Envie sem a citação.',
		en: 'The quoted message is no longer in this conversation. Send without the quote.'
	},
	assignee_not_member: {
		status: 422,
		'pt-BR': 'Esta pessoa não atende nesta empresa. Escolha outra.',
		en: 'This person does not answer conversations in this workspace. Choose someone else.'
	},
	conversation_taken: {
		status: 409,
		'pt-BR': 'Outra pessoa da equipe acabou de assumir esta conversa.',
		en: 'A colleague has just taken this conversation.'
	},
	team_not_found: {
		status: 404,
		'pt-BR': 'Esta equipe não existe mais. Escolha outra.',
		en: 'This team no longer exists. Choose another one.'
	},
	module_not_found: {
		status: 404,
		'pt-BR': 'Esta integração não existe mais.',
		en: 'This integration is gone.'
	},
	module_name_taken: {
		status: 409,
		'pt-BR': 'Já existe uma integração com este nome.',
		en: 'There is an integration of this name already.'
	},
	module_name_invalid: {
		status: 422,
		'pt-BR': 'Dê um nome de até 60 caracteres.',
		en: 'Give it a name of up to 60 characters.'
	},
	module_secret_needed: {
		status: 422,
		'pt-BR': 'O endereço mudou: escreva os segredos de novo, para que não sigam para outro lugar.',
		en: 'The address has changed: write the secrets again, so that they do not follow it elsewhere.'
	},
	module_off: {
		status: 409,
		'pt-BR': 'A integração está desligada. Ligue-a em Configurações › Integrações.',
		en: 'The integration is off. Switch it on under Settings › Integrations.'
	},
	module_address_refused: {
		status: 422,
		'pt-BR': 'Este endereço leva a uma rede interna ou não existe. Use o endereço público do sistema.',
		en: 'This address leads to a private network or nowhere. Use the public address of the system.'
	},
	module_refused: {
		status: 502,
		'pt-BR': 'O sistema recusou o acesso. Confira o token, o usuário ou a chave.',
		en: 'The system refused access. Check the token, user or key.'
	},
	module_unreachable: {
		status: 503,
		'pt-BR': 'O sistema não respondeu a tempo. Confira o endereço e tente de novo.',
		en: 'The system did not answer in time. Check the address and try again.'
	},
	module_answered_badly: {
		status: 502,
		'pt-BR': 'O sistema respondeu com um erro. Confira o endereço e o caminho.',
		en: 'The system answered with an error. Check the address and the path.'
	},
	module_secret_unreadable: {
		status: 503,
		'pt-BR': 'Um segredo guardado não pode mais ser aberto. Escreva-o de novo.',
		en: 'A secret that is kept can no longer be opened. Write it again.'
	},
	sgp_unblock_off: {
		status: 409,
		'pt-BR': 'O desbloqueio de confiança está desligado nas configurações do SGP.',
		en: 'Trust unblocks are switched off in the settings of SGP.'
	},
	ai_agent_not_found: {
		status: 404,
		'pt-BR': 'Este agente de IA não existe mais. Volte para a lista.',
		en: 'This AI agent no longer exists. Go back to the list.'
	},
	ai_agent_version_not_found: {
		status: 404,
		'pt-BR': 'Esta versão do agente não existe mais. Escolha outra.',
		en: 'This version of the agent no longer exists. Choose another.'
	},
	ai_agent_changed: {
		status: 409,
		'pt-BR': 'Alguém mudou este agente enquanto você editava. Recarregue e veja o que mudou.',
		en: 'Somebody changed this agent while you were editing. Reload and see what changed.'
	},
	ai_agent_invalid: {
		status: 422,
		'pt-BR': 'Algo no agente não pode ser salvo. Confira o nome, o modelo e os limites.',
		en: 'Something in the agent cannot be saved. Check its name, model and limits.'
	},
	ai_agent_name_taken: {
		status: 409,
		'pt-BR': 'Já existe um agente com este nome. Escolha outro.',
		en: 'There is an agent of this name already. Choose another.'
	},
	ai_version_immutable: {
		status: 409,
		'pt-BR': 'O que foi publicado não muda. Publique uma nova versão do agente.',
		en: 'What was published does not change. Publish a new version of the agent.'
	},
	ai_document_not_found: {
		status: 404,
		'pt-BR': 'Este documento não existe mais. Atualize a página.',
		en: 'This document no longer exists. Reload the page.'
	},
	ai_document_invalid: {
		status: 422,
		'pt-BR': 'O documento precisa de um título de até 120 letras e de um texto de até 400 mil.',
		en: 'A document needs a title of up to 120 characters and a text of up to 400,000.'
	},
	ai_file_missing: {
		status: 422,
		'pt-BR': 'O arquivo não chegou. Envie de novo.',
		en: 'The file did not arrive. Upload it again.'
	},
	ai_file_unreadable: {
		status: 422,
		'pt-BR': 'O arquivo não pôde ser lido: está danificado ou é de outro tipo. Salve de novo e envie outra vez.',
		en: 'The file could not be read: it is damaged or of another type. Save it again and upload it once more.'
	},
	ai_file_locked: {
		status: 422,
		'pt-BR': 'O PDF tem senha. Envie uma cópia sem senha.',
		en: 'The PDF has a password. Upload a copy without one.'
	},
	ai_file_without_words: {
		status: 422,
		'pt-BR': 'Não há texto no arquivo: são só imagens. Envie um com texto, ou cole o texto.',
		en: 'There is no text in the file, only pictures. Upload one with text, or paste the text.'
	},
	ai_case_invalid: {
		status: 422,
		'pt-BR': 'O caso precisa de um nome, da pergunta do cliente e do que se espera da resposta.',
		en: "A case needs a name, the customer's question, and what is expected of the answer."
	},
	ai_case_not_found: {
		status: 404,
		'pt-BR': 'Este caso de avaliação não existe mais. Atualize a página.',
		en: 'This case no longer exists. Reload the page.'
	},
	ai_cases_too_many: {
		status: 422,
		'pt-BR': 'Um agente pode ter até 200 casos. Apague algum antes de criar outro.',
		en: 'An agent can have 200 cases at most. Delete one before you add another.'
	},
	ai_cases_none: {
		status: 422,
		'pt-BR': 'Não há casos para avaliar. Crie o primeiro.',
		en: 'There are no cases to run. Add the first one.'
	},
	ai_trial_invalid: {
		status: 422,
		'pt-BR': 'A conversa de teste ficou longa demais ou vazia. Comece outra.',
		en: 'The trial conversation is too long, or empty. Begin another.'
	},
	ai_settings_invalid: {
		status: 422,
		'pt-BR': 'Um dos limites ou preços de IA não serve. Confira os números.',
		en: 'One of the AI limits or prices will not do. Check the numbers.'
	},
	ai_off: {
		status: 409,
		'pt-BR': 'A IA está desligada: nenhuma chave de provedor foi configurada. Informe a chave em Configurações, IA.',
		en: 'AI is off: no provider key has been set. Enter the key under Settings, AI.'
	},
	ai_disabled: {
		status: 409,
		'pt-BR': 'A IA está desligada nesta empresa. Ligue-a em Configurações, IA.',
		en: 'AI is switched off in this workspace. Switch it on under Settings, AI.'
	},
	ai_rate_limited: {
		status: 429,
		'pt-BR': 'A IA já fez todas as chamadas permitidas por agora. Espere um minuto.',
		en: 'AI has made all the calls it may make for now. Wait a minute.'
	},
	ai_timed_out: {
		status: 504,
		'pt-BR': 'A IA demorou demais para responder. Tente de novo; o seu texto está como estava.',
		en: 'AI took too long to answer. Please try again; your text is as it was.'
	},
	ai_failed: {
		status: 502,
		'pt-BR': 'O provedor de IA não deu uma resposta que sirva. Tente de novo em instantes.',
		en: 'The AI provider gave no usable answer. Please try again in a moment.'
	},
	flow_not_found: {
		status: 404,
		'pt-BR': 'Este bot não existe mais ou não está publicado. Volte para a lista.',
		en: 'This bot no longer exists or is not published. Go back to the list.'
	},
	flow_version_not_found: {
		status: 404,
		'pt-BR': 'Esta versão não existe mais. Escolha outra.',
		en: 'This version no longer exists. Choose another.'
	},
	flow_changed: {
		status: 409,
		'pt-BR': 'Alguém mudou este bot enquanto você desenhava. Veja o que mudou e salve de novo.',
		en: 'Somebody changed this bot while you were drawing. See what changed and save again.'
	},
	flow_invalid: {
		status: 422,
		'pt-BR': 'Este desenho não pode ser lido. Confira o arquivo ou desfaça a última mudança.',
		en: 'This drawing cannot be read. Check the file or undo the last change.'
	},
	flow_name_invalid: {
		status: 422,
		'pt-BR': 'Dê ao bot um nome de até 80 letras.',
		en: 'Give the bot a name of up to 80 characters.'
	},
	flow_name_taken: {
		status: 409,
		'pt-BR': 'Já existe um bot com este nome. Escolha outro.',
		en: 'There is a bot of this name already. Choose another.'
	},
	flow_version_immutable: {
		status: 409,
		'pt-BR': 'O que foi publicado não muda. Publique uma nova versão.',
		en: 'What was published does not change. Publish a new version.'
	},
	flow_call_unpublished: {
		status: 409,
		'pt-BR': 'Este bot chama outro que não está publicado. Publique o outro primeiro.',
		en: 'This bot calls another that is not published. Publish the other one first.'
	},
	flow_trigger_invalid: {
		status: 422,
		'pt-BR': 'Um dos gatilhos não está certo. Confira o que inicia este bot.',
		en: 'One of the triggers is not right. Check what starts this bot.'
	},
	flow_variable_invalid: {
		status: 422,
		'pt-BR': 'Dê à variável um nome com letras minúsculas e um valor de até 10 mil caracteres.',
		en: 'Give the variable a name in small letters and a value of up to 10,000 characters.'
	},
	flow_in_use: {
		status: 409,
		'pt-BR': 'Outro bot publicado chama este. Tire a chamada antes de excluir.',
		en: 'Another published bot calls this one. Remove that call before you delete it.'
	},
	flow_replay_not_found: {
		status: 404,
		'pt-BR': 'Esta repetição não existe mais. Comece outra.',
		en: 'This replay no longer exists. Start another.'
	},
	flow_replay_invalid: {
		status: 422,
		'pt-BR': 'Escolha de 1 a 90 dias para repetir.',
		en: 'Choose 1 to 90 days to replay.'
	},
	flow_running: {
		status: 409,
		'pt-BR': 'Já há um bot nesta conversa. Pare-o antes de iniciar outro.',
		en: 'There is a bot in this conversation already. Stop it before you start another.'
	},
	team_name_missing: {
		status: 422,
		'pt-BR': 'Dê à equipe um nome de até 80 letras.',
		en: 'Give the team a name of up to 80 characters.'
	},
	team_name_taken: {
		status: 409,
		'pt-BR': 'Já existe uma equipe com este nome. Escolha outro.',
		en: 'There is a team of this name already. Choose another.'
	},
	team_settings_invalid: {
		status: 422,
		'pt-BR': 'Um dos valores não serve. Confira a capacidade, as habilidades e os idiomas.',
		en: 'One of the values will not do. Check capacity, skills and languages.'
	},
	availability_invalid: {
		status: 422,
		'pt-BR': 'Escolha entre disponível, ocupado e ausente.',
		en: 'Choose online, busy or away.'
	},
	transfer_nowhere: {
		status: 422,
		'pt-BR': 'Escolha para qual equipe ou pessoa transferir.',
		en: 'Choose a team or a person to transfer to.'
	},
	handover_final: {
		status: 409,
		'pt-BR': 'Não dá mais para desfazer: alguém já mexeu nesta conversa ou passou mais de um minuto.',
		en: 'This can no longer be undone: someone has touched the conversation since, or a minute has passed.'
	},
	message_not_failed: {
		status: 409,
		'pt-BR': 'Só uma mensagem que falhou pode ser enviada de novo.',
		en: 'Only a message that failed can be sent again.'
	},
	client_id_reused: {
		status: 409,
		'pt-BR': 'Esta mensagem já foi enviada em outra conversa. Escreva-a de novo aqui.',
		en: 'This message was already sent in another conversation. Write it again here.'
	}
} satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;

const UNKNOWN: Sentences = {
	'pt-BR': 'Algo deu errado do nosso lado. Tente de novo em instantes.',
	en: 'Something went wrong on our side. Please try again in a moment.'
};

/** What to tell a person about an error code; a general sentence for a code we do not know. */
export function sentence(code: string, locale: Locale): string {
	return isErrorCode(code) ? CATALOGUE[code][locale] : UNKNOWN[locale];
}

/** Whether the text is a code of the catalogue. */
export function isErrorCode(code: string): code is ErrorCode {
	return Object.hasOwn(CATALOGUE, code);
}
