import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseWebhook } from './parse.ts';
import { summary } from './summary.testing.ts';

/** Published bodies nobody in this project wrote; they live beside the checkout and are skipped where it stands alone. */
const folder = new URL('../../../../shared/fixtures/whatsapp/inbound/', import.meta.url);

const EXPECTED: Record<string, string[]> = {
	meta_wa_business_capability_update: ['account business_capability_update'],
	meta_wa_errors: ['account errors'],
	meta_wa_history_chunk: [
		'account history',
		'out agent text "Here\'s the info you requested! https://w" | p:16505551234 | history:read',
		'out agent media_placeholder | p:16505551234 | history:played',
		'in contact text "Thanks!" | p:16505551234 | history:read',
		'out agent text "Thanks for your order! As a thank you, u" | p:12125557890 | history:delivered'
	],
	meta_wa_in_contacts_bsuid: [
		'in contact text "Does it come in another color?" | b:user.93737... Sheena Nelson @realsheenanelson | window | unread'
	],
	meta_wa_in_text_ctwa_referral: [
		'in contact text "Hello! Can I get more info on this?" | p:16505551234 Sheena Nelson | window | free | unread'
	],
	meta_wa_in_text_referred_product: [
		'in contact text "Is this still available?" | p:16505551234 Sheena Nelson | →VpcnkA | window | unread'
	],
	meta_wa_phone_number_quality_update: ['account phone_number_quality_update'],
	meta_wa_smb_app_state_sync: ['identity | p:16505551234 Pablo Morales'],
	meta_wa_status_delivered_bsuid_a: [
		'status delivered MxMAA= | p:16505551234 b:user.9373795779eb6441c8adb2eaee5b848e7dd174ddd302d7db62142f4722d574b6 Pablo M. @pablomorales'
	],
	meta_wa_status_failed_131049: ['status failed MyREUA 131049 | p:16505551234'],
	meta_wa_status_sent_a: ['status sent MxMAA= | p:16505551234'],
	meta_wa_status_sent_b: ['status sent MxMAA= | p:16505551234'],
	meta_wa_template_category_changed: ['account template_category_update'],
	meta_wa_template_category_impending: ['account template_category_update'],
	wa_account_update_violation: ['account account_update'],
	wa_account_update_volume_tier: ['account account_update'],
	wa_batch_multi_entry_mixed: [
		'in contact text "Hello from a text message!" | p:16505551234 John Doe | window | unread',
		'in contact location "San Francisco, Market Street" | p:16505551234 John Doe | window | unread',
		'in contact reaction "👍" | p:16505551234 John Doe | →EXT123 | window',
		'in contact sticker | p:16505551234 John Doe | window | unread',
		'preference marketing_messages stop | p:16505551234 John Doe',
		'preference marketing_messages stop | p:16505551234 John Doe'
	],
	wa_batch_text_and_reaction: [
		'in contact text "Hello from a text message" | p:1234567890 Sam Sample | window | unread',
		'in contact reaction "👍" | p:1234567890 Sam Sample | →323902 | window'
	],
	wa_echo_text: [
		'out agent text "Test message" | p:16505551234 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name'
	],
	wa_in_audio: [
		'in contact audio | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_audio_voice: [
		'in contact audio | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_button_quick_reply: [
		'in contact button "title" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | →zxyz== | window | unread'
	],
	wa_in_contacts: [
		'in contact contacts "Chandler Bing, Monica, Rachel Green" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_document: [
		'in contact document "caption" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_edit_image: ['in contact edit "Updated image caption" | p:16505551234 | →VBRAA='],
	wa_in_forwarded: [
		'in contact text "forwarded text" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_image: [
		'in contact image | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_image_with_url: [
		'in contact image | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_interactive_button_reply: [
		'in contact interactive "title" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | →xyzxyz | window | unread'
	],
	wa_in_interactive_list_reply: [
		'in contact interactive "title" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | →xyzxyz | window | unread'
	],
	wa_in_interactive_nfm_reply: [
		'in contact interactive "Sent" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | →etge== | window | unread'
	],
	wa_in_location_current: [
		'in contact location | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_order: [
		'in contact order | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_reaction: [
		'in contact reaction "😮" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | →zxyzx= | window'
	],
	wa_in_reaction_removed_empty: [
		'in contact reaction | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | →zxyzx='
	],
	wa_in_reply_context: [
		'in contact text "replied text" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | →zxyz== | window | unread'
	],
	wa_in_revoke: ['in contact revoke | p:16505551234 | →VBRAA='],
	wa_in_sticker_static: [
		'in contact sticker | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_system_identity_changed: [
		'identity | p:972987654321 User A',
		'in system system "User identity changed" | p:972987654321 User A'
	],
	wa_in_system_user_changed_number: [
		'identity | p:972987654321 p:972912345678',
		'in system system "User A changed from 972987654321 to 9729" | p:972987654321 p:972912345678'
	],
	wa_in_system_user_changed_user_id: [
		'identity | b:US.13491208655302741918 b:US.24817305912873645029',
		'in system system "User Test User changed from US.134912086" | b:US.13491208655302741918 b:US.24817305912873645029'
	],
	wa_in_text_bsuid: [
		'in contact text "Body Text" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_in_video: [
		'in contact video "caption" | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name | window | unread'
	],
	wa_status_delivered: [
		'status delivered xyzxyz | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name'
	],
	wa_status_failed_130472: [
		'status failed xyzxyz 130472 | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name'
	],
	wa_status_played: [
		'status played xyzxyz | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name'
	],
	wa_status_read: [
		'status read xyzxyz | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name'
	],
	wa_status_sent: [
		'status sent xyzxyz | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name'
	],
	wa_status_with_tracker: [
		'status sent xyzxyz | p:972987654321 b:US.13491208655302741918 pb:US.ENT.11815799212886844830 Test Name'
	],
	wa_template_category_update: ['account template_category_update'],
	wa_template_quality_update_yellow: ['account message_template_quality_update'],
	wa_template_status_approved: ['account message_template_status_update'],
	wa_template_status_rejected: ['account message_template_status_update'],
	wa_user_id_update: ['identity | b:US.13491208655302741918 p:15557654321 b:US.24817305912873645029 Test User'],
	wa_user_preferences_resume: ['preference marketing_messages resume | p:16505551234']
};

describe.skipIf(!existsSync(folder))('published webhook bodies', () => {
	test('none is without an expectation', () => {
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
});
