/** What each published body leaves in the database, by its name: one line a row, as rows.ts tells it. */
export const EXPECTED: Record<string, string[]> = {
	meta_wa_business_capability_update: ['notice business_capability_update'],
	meta_wa_errors: ['notice errors'],
	meta_wa_history_chunk: [
		'contact phone 12125557890',
		'contact phone 16505551234',
		'history "Thanks!"',
		'history "Thanks for your order! As a th"',
		'out agent text "Here\'s the info you requested! https://w" {text} read',
		'out agent text "Thanks for your order! As a thank you, u" {text} delivered',
		'in contact text "Thanks!" {text}',
		'out agent media_placeholder {} read',
		'notice history'
	],
	meta_wa_in_contacts_bsuid: [
		'contact bsuid user.93737... "Sheena Nelson" @realsheenanelson',
		'open conversation "Does it come in another color?" 1 unread window 24 h',
		'in contact text "Does it come in another color?" {text}'
	],
	meta_wa_in_text_ctwa_referral: [
		'contact phone 16505551234 "Sheena Nelson"',
		'open conversation "Hello! Can I get more info on " 1 unread window 72 h',
		'in contact text "Hello! Can I get more info on this?" {referral text}'
	],
	meta_wa_in_text_referred_product: [
		'contact phone 16505551234 "Sheena Nelson"',
		'open conversation "Is this still available?" 1 unread window 24 h',
		'in contact text "Is this still available?" {referred_product text} → …cXVpcnkA'
	],
	meta_wa_phone_number_quality_update: ['notice phone_number_quality_update'],
	meta_wa_smb_app_state_sync: ['contact phone 16505551234 "Pablo Morales"'],
	meta_wa_status_delivered_bsuid_a: [
		'contact phone 16505551234, bsuid user.9373795779eb6441c8adb2eaee5b848e7dd174ddd302d7db62142f4722d574b6 "Pablo M." @pablomorales',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} delivered',
		'event delivered',
		'charge marketing US no_price_list'
	],
	meta_wa_status_failed_131049: [
		'contact phone 16505551234',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} failed error 131049',
		'event failed 131049'
	],
	meta_wa_status_sent_a: [
		'contact phone 16505551234',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} sent',
		'event sent',
		'charge marketing US no_price_list'
	],
	meta_wa_status_sent_b: [
		'contact phone 16505551234',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} sent',
		'event sent'
	],
	meta_wa_template_category_changed: ['notice template_category_update'],
	meta_wa_template_category_impending: ['notice template_category_update'],
	wa_account_update_violation: ['notice account_update'],
	wa_account_update_volume_tier: ['notice account_update'],
	wa_batch_multi_entry_mixed: [
		'contact phone 16505551234 "John Doe" wants no marketing',
		'open conversation "" 3 unread window 24 h',
		'in contact text "Hello from a text message!" {text}',
		'in contact location "San Francisco, Market Street" {address latitude longitude name url}',
		'in contact reaction "👍" {emoji removed} → ….TEXT123',
		'in contact sticker {animated caption filename media_id mime_type sha256 url voice}'
	],
	wa_batch_text_and_reaction: [
		'contact phone 1234567890 "Sam Sample"',
		'open conversation "Hello from a text message" 1 unread window 24 h',
		'in contact text "Hello from a text message" {text}',
		'in contact reaction "👍" {emoji removed} → …X2323902'
	],
	wa_echo_text: [
		'contact phone 16505551234, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "Test message"',
		'out agent text "Test message" {text} sent'
	],
	wa_in_audio: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "" 1 unread window 24 h',
		'in contact audio {animated caption filename forwarded media_id mime_type sha256 url voice}'
	],
	wa_in_audio_voice: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "" 1 unread window 24 h',
		'in contact audio {animated caption filename media_id mime_type sha256 url voice}'
	],
	wa_in_button_quick_reply: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "title" 1 unread window 24 h',
		'in contact button "title" {payload text} → …xyzxyz=='
	],
	wa_in_contacts: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "Chandler Bing, Monica, Rachel " 1 unread window 24 h',
		'in contact contacts "Chandler Bing, Monica, Rachel Green" {contacts}'
	],
	wa_in_document: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "caption" 1 unread window 24 h',
		'in contact document "caption" {animated caption filename forwarded media_id mime_type sha256 url voice}'
	],
	wa_in_edit_image: [
		'contact phone 16505551234',
		'open conversation "what it said at first" 1 unread window 24 h',
		'in contact image "Updated image caption" {animated caption filename media_id mime_type sha256 url voice} edited',
		'in contact edit "Updated image caption" {message} → …M0VBRAA=',
		'event edited',
		'event original'
	],
	wa_in_forwarded: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "forwarded text" 1 unread window 24 h',
		'in contact text "forwarded text" {forwarded text}'
	],
	wa_in_image: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "" 1 unread window 24 h',
		'in contact image {animated caption filename media_id mime_type sha256 url voice}'
	],
	wa_in_image_with_url: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "" 1 unread window 24 h',
		'in contact image {animated caption filename media_id mime_type sha256 url voice}'
	],
	wa_in_interactive_button_reply: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "title" 1 unread window 24 h',
		'in contact interactive "title" {description id response title type} → wamid.xyzxyz'
	],
	wa_in_interactive_list_reply: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "title" 1 unread window 24 h',
		'in contact interactive "title" {description id response title type} → wamid.xyzxyz'
	],
	wa_in_interactive_nfm_reply: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "Sent" 1 unread window 24 h',
		'in contact interactive "Sent" {description id response title type} → …fretge=='
	],
	wa_in_location_current: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "" 1 unread window 24 h',
		'in contact location {address forwarded latitude longitude name url}'
	],
	wa_in_order: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "" 1 unread window 24 h',
		'in contact order {catalog_id currency items text total}'
	],
	wa_in_reaction: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "😮" window 24 h',
		'in contact reaction "😮" {emoji removed} → ….yzxyzx='
	],
	wa_in_reaction_removed_empty: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation ""',
		'in contact reaction {emoji removed} → ….yzxyzx='
	],
	wa_in_reply_context: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "replied text" 1 unread window 24 h',
		'in contact text "replied text" {text} → …xyzxyz=='
	],
	wa_in_revoke: [
		'contact phone 16505551234',
		'open conversation "what it said at first" 1 unread window 24 h',
		'in contact text "what it said at first" {text} revoked',
		'in contact revoke {} → …M0VBRAA=',
		'event revoked'
	],
	wa_in_sticker_static: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "" 1 unread window 24 h',
		'in contact sticker {animated caption filename media_id mime_type sha256 url voice}'
	],
	wa_in_system_identity_changed: [
		'contact phone 972987654321 "User A"',
		'open conversation "User identity changed"',
		'in system system "User identity changed" {identity text type user_id wa_id}'
	],
	wa_in_system_user_changed_number: [
		'contact phone 972912345678, phone 972987654321',
		'open conversation "User A changed from 9729876543"',
		'in system system "User A changed from 972987654321 to 9729" {identity text type user_id wa_id}'
	],
	wa_in_system_user_changed_user_id: [
		'contact bsuid US.13491208655302741918, bsuid US.24817305912873645029',
		'open conversation "User Test User changed from US"',
		'in system system "User Test User changed from US.134912086" {identity text type user_id wa_id}'
	],
	wa_in_text_bsuid: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "Body Text" 1 unread window 24 h',
		'in contact text "Body Text" {text}'
	],
	wa_in_video: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "caption" 1 unread window 24 h',
		'in contact video "caption" {animated caption filename forwarded media_id mime_type sha256 url voice}'
	],
	wa_status_delivered: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} delivered',
		'event delivered',
		'charge service IL charged_by_conversation'
	],
	wa_status_failed_130472: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} failed error 130472',
		'event failed 130472'
	],
	wa_status_played: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} read',
		'event played',
		'charge service IL charged_by_conversation'
	],
	wa_status_read: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} read',
		'event read',
		'charge service IL charged_by_conversation'
	],
	wa_status_sent: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} sent',
		'event sent',
		'charge service IL charged_by_conversation'
	],
	wa_status_with_tracker: [
		'contact phone 972987654321, bsuid US.13491208655302741918, parent_bsuid US.ENT.11815799212886844830 "Test Name"',
		'open conversation "what we had sent"',
		'out agent text "what we had sent" {text} sent',
		'event sent',
		'charge service IL charged_by_conversation'
	],
	wa_template_category_update: ['notice template_category_update'],
	wa_template_quality_update_yellow: ['notice message_template_quality_update'],
	wa_template_status_approved: ['notice message_template_status_update'],
	wa_template_status_rejected: ['notice message_template_status_update'],
	wa_user_id_update: [
		'contact phone 15557654321, bsuid US.13491208655302741918, bsuid US.24817305912873645029 "Test User"'
	],
	wa_user_preferences_resume: ['contact phone 16505551234']
};
