import { field, id, object, text, word, type Rule } from '../rule.ts';
import { buttonTitle } from './buttons.ts';
import { bodyField, footerField, textHeaderField, type Body, type TextHeader } from './parts.ts';

/** …/whatsapp/messages/interactive-list-messages: up to 10 sections, up to 10 rows for all of them together. */
export const SECTIONS_MAX = 10;
export const ROWS_MAX = 10;
export const SECTION_TITLE_MAX = 24;
export const ROW_TITLE_MAX = 24;
export const ROW_DESCRIPTION_MAX = 72;
export const LIST_BODY_MAX = 4_096;

export interface ListRow {
	id: string;
	title: string;
	description?: string | null;
}

export interface ListSection {
	/** Needed as soon as there are two. */
	title?: string | null;
	rows: ListRow[];
}

export interface List {
	type: 'list';
	header?: TextHeader | null;
	body: Body;
	footer?: Body | null;
	action: { button: string; sections: ListSection[] };
}

export const sectionTitle = field('title', text(SECTION_TITLE_MAX, 'section_title_too_long', 'section_title_missing'));

const row = object([
	field('id', id(200), 'id_empty'),
	field('title', text(ROW_TITLE_MAX, 'row_title_too_long', 'row_title_empty'), 'row_title_empty'),
	field('description', text(ROW_DESCRIPTION_MAX, 'row_description_too_long'))
]);

const section = object([
	sectionTitle,
	field(
		'rows',
		{ is: 'list', min: 1, max: ROWS_MAX, few: 'rows_missing', many: 'rows_too_many', of: row },
		'rows_missing'
	)
]);

export const LIST_RULE: Rule = object([
	field('type', word('list')),
	textHeaderField,
	bodyField(LIST_BODY_MAX),
	footerField,
	field(
		'action',
		object(
			[
				field('button', buttonTitle, 'button_title_empty'),
				field(
					'sections',
					{ is: 'list', min: 1, max: SECTIONS_MAX, few: 'sections_missing', many: 'sections_too_many', of: section },
					'sections_missing'
				)
			],
			{
				sections: {
					items: 'rows',
					max: ROWS_MAX,
					many: 'rows_too_many',
					id: 'id',
					repeated: 'rows_repeated',
					untitled: 'section_title_missing'
				}
			}
		),
		'sections_missing'
	)
]);
