import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseWebhook } from './parse.ts';
import { summary } from './summary.testing.ts';

const folder = new URL('../../fixtures/whatsapp/', import.meta.url);

/** What each of our own webhook bodies says: direction, author, kind, text | whose | effects. */
const EXPECTED: Record<string, string[]> = {
	account_alert: ['account account_alerts'],
	another_product: ['account unknown'],
	audio: ['in contact audio | p:5511987650001 Lia Nogueira | window | unread'],
	broken_parts: [
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact text "E esta está inteira" | p:5511987650001 Lia Nogueira | window | unread'
	],
	button: ['in contact button "Confirmar" | p:5511987650001 Lia Nogueira | →SA0001 | window | unread'],
	button_reply: ['in contact interactive "Sim, quero" | p:5511987650001 Lia Nogueira | →SA0001 | window | unread'],
	call_permission_reply: ['in contact interactive | p:5511987650001 Lia Nogueira | window | unread'],
	call_statuses: ['account statuses'],
	calls: [
		'in contact call | p:5511987650001 Lia Nogueira | window | unread',
		'in contact call | p:5511987650001 Lia Nogueira',
		'out agent call | p:5511987650001 Lia Nogueira'
	],
	contacts: ['in contact contacts "Nina Prado, +55 11 3003-0001" | p:5511987650001 Lia Nogueira | window | unread'],
	document: ['in contact document "orçamento.pdf" | p:5511987650001 Lia Nogueira | window | unread'],
	echoes: ['out agent text "Tem sim, Lia!" | p:5511987650001', 'out agent unsupported | p:5511987650001'],
	edit: ['in contact edit "Bom dia! Ainda tem broa?" | p:5511987650001 Lia Nogueira | →SA0001'],
	edit_of_something_new: ['in contact edit | p:5511987650001 Lia Nogueira | →SA0001'],
	errors: ['account errors', 'account errors'],
	flow_reply: ['in contact interactive "Enviado" | p:5511987650001 Lia Nogueira | window | unread'],
	flow_reply_broken: ['in contact interactive "Enviado" | p:5511987650001 Lia Nogueira | window | unread'],
	group_message: ['in contact text "Oi, grupo" | p:5511987650001 Lia Nogueira | unread'],
	group_update: ['account group_participants_update'],
	history: [
		'account history',
		'out agent text "Semana passada" | p:5511987650001(551187650001) | history:read',
		'in contact media_placeholder | p:5511987650001(551187650001) | history:pending',
		'account history',
		'account history'
	],
	history_media: ['out agent image | p:5511987650001 | history:sent'],
	image: ['in contact image "O bolo da Clara" | p:5511987650001 Lia Nogueira | window | unread'],
	interactive_unknown: ['in contact unsupported | p:5511987650001 Lia Nogueira | window | unread'],
	list_reply: ['in contact interactive "Fornada das 17h" | p:5511987650001 Lia Nogueira | →SA0001 | window | unread'],
	lists_and_more: [
		'in contact text "Com algo a mais" | p:5511987650001 Lia Nogueira | window | unread',
		'account messages'
	],
	location: ['in contact location "Padaria, Rua do Forno, 12" | p:5511987650001 Lia Nogueira | window | unread'],
	many_entries: [
		'in contact text "Primeira entrada" | p:5511987650001 Lia Nogueira | window | unread',
		'in contact text "Segunda mudança" | p:5511987650001 Lia Nogueira | window | unread',
		'in contact text "Segunda mensagem" | p:5511987650001 Lia Nogueira | window | unread',
		'status delivered SAOUT3 | p:5511987650001 Lia Nogueira',
		'in contact text "Para a oficina" | p:5511987650001 Lia Nogueira | window | unread'
	],
	order: ['in contact order "Para sábado" | p:5511987650001 Lia Nogueira | window | unread'],
	order_two_currencies: ['in contact order | p:5511987650001 Lia Nogueira | window | unread'],
	preferences: ['preference marketing_messages stop | p:5511987650001 Lia Nogueira', 'account user_preferences'],
	quality: ['account phone_number_quality_update'],
	reaction: ['in contact reaction "❤️" | p:5511987650001 Lia Nogueira | →SA0001 | window'],
	reaction_removed: ['in contact reaction | p:5511987650001 Lia Nogueira | →SA0001'],
	revoke: ['in contact revoke | p:5511987650001 Lia Nogueira | →SA0002'],
	state_sync: ['identity | p:5511987650001 Lia do Bolo', 'account smb_app_state_sync'],
	status_failed: ['status failed SAOUT1 131047 | p:5511987650001'],
	status_group: ['status read SAOUT1 | p:5511987650012'],
	status_unknown: [
		'account statuses',
		'account statuses',
		'account statuses',
		'status sent SAOUT2 | b:BR.13490000000000000077'
	],
	statuses: [
		'status sent SAOUT1 | p:5511987650001',
		'status delivered SAOUT1 | p:5511987650001',
		'status read SAOUT1 | p:5511987650001',
		'status played SAOUT1 | p:5511987650001',
		'status deleted SAOUT1 | p:5511987650001',
		'status warning SAOUT1 | p:5511987650001'
	],
	sticker_animated: ['in contact sticker | p:5511987650001 Lia Nogueira | window | unread'],
	strange_messages: [
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread',
		'in contact unsupported | p:5511987650001 Lia Nogueira | window | unread'
	],
	system_identity: [
		'identity | p:5511987650001 Lia Nogueira',
		'in system system "Lia changed their security code" | p:5511987650001 Lia Nogueira'
	],
	system_name_pretends: [
		'identity | b:BR.3 b:BR.4',
		'in system system "User x changed from BR.1 to BR.2 changed" | b:BR.3 b:BR.4'
	],
	system_new_number: [
		'identity | p:5511987650001 p:5521987650001',
		'in system system "Lia Nogueira changed from 5511987650001 " | p:5511987650001 p:5521987650001'
	],
	system_new_user_id: [
		'identity | b:BR.13490000000000000077 b:BR.13490000000000000078',
		'in system system "User Téo changed from BR.134900000000000" | b:BR.13490000000000000077 b:BR.13490000000000000078'
	],
	template_components: ['account message_template_components_update'],
	template_status: ['account message_template_status_update'],
	text: ['in contact text "Bom dia! Ainda tem pão de queijo? 🧀" | p:5511987650001 Lia Nogueira | window | unread'],
	text_about_product: ['in contact text "Tem de creme?" | p:5511987650001 Lia Nogueira | →SA0001 | window | unread'],
	text_absurd_time: ['in contact text "Relógio parado" | p:5511987650001 Lia Nogueira | window | unread'],
	text_bsuid_only: [
		'in contact text "Prefiro não mostrar meu número" | b:BR.13490000000000000077 Téo @teo.silva | window | unread'
	],
	text_contact_of_someone_else: ['in contact text "Não me chame de Lia" | p:5511987650002 | window | unread'],
	text_forwarded_often: ['in contact text "Leia até o fim!" | p:5511987650001 Lia Nogueira | window | unread'],
	text_from_ad: ['in contact text "Vi o anúncio" | p:5511987650001 Lia Nogueira | window | free | unread'],
	text_mexico_and_argentina: [
		'in contact text "Hola" | p:525512345678(5215512345678) Ximena | window | unread',
		'in contact text "Hola otra vez" | p:525512345678 Ximena | window | unread',
		'in contact text "Che" | p:541123456789(5491123456789) Facundo | window | unread',
		'in contact text "Che, de nuevo" | p:541123456789 Facundo | window | unread'
	],
	text_only_contact_names_sender: [
		'in contact text "Quem sou eu?" | p:5511987650009 b:BR.13490000000000000009 Rui | window | unread'
	],
	text_reply: ['in contact text "Respondendo" | p:5511987650001 Lia Nogueira | →SA0001 | window | unread'],
	text_time_in_milliseconds: ['in contact text "Relógio novo" | p:5511987650001 Lia Nogueira | window | unread'],
	text_two_people: [
		'in contact text "Eu sou a Bia" | p:5511987650011 Bia | window | unread',
		'in contact text "E eu o Davi" | p:5511987650012 Davi | window | unread'
	],
	text_unstorable: ['in contact text "nulo: meio par:� fim" | p:5511987650001 Lia � | window | unread'],
	text_without_ninth_digit: [
		'in contact text "Sou eu de novo, do outro aparelho" | p:5511987650001(551187650001) Lia Nogueira | window | unread'
	],
	type_missing: ['in contact location | p:5511987650001 Lia Nogueira | window | unread'],
	unknown_field: ['account hologram_update', 'account flows', 'account unknown', 'account unknown'],
	unknown_type: ['in contact unsupported | p:5511987650001 Lia Nogueira | window | unread'],
	unsupported: ['in contact unsupported | p:5511987650001 Lia Nogueira | window | unread'],
	user_id_update: ['identity | b:BR.5 pb:BR.ENT.5 p:5511987650001 b:BR.6 pb:BR.ENT.6'],
	video: ['in contact video | p:5511987650001 Lia Nogueira | window | unread'],
	voice: ['in contact audio | p:5511987650001 Lia Nogueira | window | unread']
};

test('every body here has its expected events', () => {
	expect(
		readdirSync(folder)
			.map((file) => file.replace('.json', ''))
			.sort()
	).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.keys(EXPECTED))('%s', (name) => {
	const body: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
	expect(parseWebhook(body).map(summary)).toEqual(EXPECTED[name]);
});
