import { m } from '#lib/paraglide/messages.js';

/** Every key there is, as the sheet shows them. */
export const sheet = [
	{
		title: m.keys_moving,
		keys: [
			['j', m.key_next],
			['k', m.key_previous],
			['Enter', m.key_open],
			['Esc', m.key_back],
			['g i', m.key_inbox],
			['g s', m.key_settings]
		]
	},
	{
		title: m.keys_acting,
		keys: [
			['r', m.key_reply],
			['m', m.assign_me],
			['a', m.assign_to],
			['e', m.close],
			['[', m.list_label],
			[']', m.details]
		]
	},
	{
		title: m.keys_writing,
		keys: [
			['Enter', m.key_send],
			['Shift Enter', m.key_break],
			['Ctrl Shift A', m.key_attach],
			['Ctrl Shift F', m.key_file],
			['Ctrl Shift G', m.key_voice],
			['Ctrl .', m.key_emoji],
			['Ctrl B', m.key_bold],
			['Ctrl I', m.key_italic],
			['Ctrl Shift X', m.key_strike]
		]
	},
	{
		title: m.keys_anywhere,
		keys: [
			['Ctrl K', m.palette],
			['/', m.search],
			['?', m.keys]
		]
	}
] as const;
