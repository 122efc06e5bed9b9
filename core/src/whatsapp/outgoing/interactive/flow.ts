import { field, id, object, text, word, type Rule } from '../rule.ts';
import { bodyField, footerField, headerField, type Body, type Header } from './parts.ts';

/**
 * …/whatsapp/flows/guides/sendingaflow. "CTA text length is advised to be 30 characters or less (no emoji)" where older
 * pages say 20; 30 is what the API holds to.
 */
export const FLOW_CTA_MAX = 30;

export interface FlowParameters {
	flow_message_version: '3';
	/** By its id or by its name. */
	flow_id?: string | null;
	flow_name?: string | null;
	flow_cta: string;
	/** Comes back with the answers. */
	flow_token?: string | null;
	mode?: 'draft' | 'published' | null;
	flow_action?: 'navigate' | 'data_exchange' | null;
	flow_action_payload?: { screen: string; data?: Record<string, unknown> | null } | null;
}

export interface Flow {
	type: 'flow';
	header?: Header | null;
	body: Body;
	footer?: Body | null;
	action: { name: 'flow'; parameters: FlowParameters };
}

const parameters = object(
	[
		field('flow_message_version', word('3'), 'field_missing'),
		field('flow_id', id()),
		field('flow_name', id()),
		field('flow_cta', text(FLOW_CTA_MAX, 'button_title_too_long', 'button_title_empty'), 'button_title_empty'),
		field('flow_token', id(512)),
		field('mode', word('draft', 'published')),
		field('flow_action', word('navigate', 'data_exchange')),
		field(
			'flow_action_payload',
			object([
				field('screen', text(256, 'id_too_long', 'flow_screen_missing'), 'flow_screen_missing'),
				field('data', { is: 'data', fault: 'flow_data_empty' })
			])
		)
	],
	{ exactly_one: { of: ['flow_id', 'flow_name'], none: 'flow_missing', many: 'flow_ambiguous' } }
);

export const FLOW_RULE: Rule = object([
	field('type', word('flow')),
	headerField,
	bodyField(),
	footerField,
	field(
		'action',
		object([field('name', word('flow'), 'field_missing'), field('parameters', parameters, 'flow_missing')]),
		'flow_missing'
	)
]);
