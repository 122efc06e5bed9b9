import type { AnswerKind } from '@prosa/core/flows/answers/kinds.ts';
import type { Test } from '@prosa/core/flows/nodes.ts';
import type { Trigger } from '@prosa/core/flows/triggers.ts';
import type { MediaKind } from '@prosa/core/whatsapp/content.ts';
import { m } from '#lib/paraglide/messages.js';

export const answerNames: Record<AnswerKind, () => string> = {
	text: m.bot_answer_text,
	name: m.bot_answer_name,
	email: m.bot_answer_email,
	phone: m.bot_answer_phone,
	cpf: m.bot_answer_cpf,
	cnpj: m.bot_answer_cnpj,
	cep: m.bot_answer_cep,
	date: m.bot_answer_date,
	number: m.bot_answer_number,
	pattern: m.bot_answer_pattern,
	choice: m.bot_answer_choice,
	media: m.bot_answer_media,
	location: m.bot_answer_location
};

export const mediaNames: Record<MediaKind, () => string> = {
	image: m.bot_media_image,
	video: m.bot_media_video,
	audio: m.bot_media_audio,
	document: m.bot_media_document,
	sticker: m.bot_media_sticker
};

export const opNames: Record<Test['op'], () => string> = {
	is: m.bot_op_is,
	is_not: m.bot_op_is_not,
	contains: m.bot_op_contains,
	not_contains: m.bot_op_not_contains,
	begins: m.bot_op_begins,
	gt: m.bot_op_gt,
	lt: m.bot_op_lt,
	in: m.bot_op_in,
	set: m.bot_op_set,
	not_set: m.bot_op_not_set
};

export const triggerNames: Record<Trigger['type'], () => string> = {
	keyword: m.bot_trigger_keyword,
	first_message: m.bot_trigger_first_message,
	outside_hours: m.bot_trigger_outside_hours,
	pattern: m.bot_trigger_pattern,
	ad: m.bot_trigger_ad,
	tag: m.bot_trigger_tag,
	event: m.bot_trigger_event,
	schedule: m.bot_trigger_schedule
};

/** What starts a flow, in a few words. */
export function triggerText(trigger: Trigger): string {
	const name = triggerNames[trigger.type]();
	if (trigger.type === 'keyword') return `${name}: ${trigger.words.join(', ')}`;
	if (trigger.type === 'pattern') return `${name}: ${trigger.pattern}`;
	if (trigger.type === 'event') return `${name}: ${trigger.event}`;
	return trigger.type === 'schedule' ? `${name}: ${trigger.at}` : name;
}
