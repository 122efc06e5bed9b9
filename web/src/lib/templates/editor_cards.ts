import {
	partsOf,
	type HeaderComponent,
	type ParameterFormat,
	type TemplateCard
} from '@prosa/core/whatsapp/templates/component.ts';
import { withSample } from '@prosa/core/whatsapp/templates/sample.ts';
import { buttonOf, editorButton, emptyButton, type EditorButton } from './editor_buttons.ts';
import { examplesOf, readExamples, type Examples } from './editor_examples.ts';

/** What a card begins with, the same on all of them. */
export type CardHeader = 'IMAGE' | 'VIDEO';

/** A card of a carousel as the editor's fields hold it. */
export interface EditorCard {
	key: string;
	/** Meta's handle, or where an upload of ours lies: `storage:…`. */
	sample: string;
	body: string;
	examples: Examples;
	buttons: EditorButton[];
}

/** A card with the same kinds of button as another: the cards of a carousel are alike. */
export const emptyCard = (like?: EditorCard): EditorCard => ({
	key: crypto.randomUUID(),
	sample: '',
	body: '',
	examples: {},
	buttons: (like?.buttons ?? [emptyButton('URL')]).map(({ type, text }) => ({ ...emptyButton(type), text }))
});

export function editorCard({ components }: TemplateCard, format: ParameterFormat): EditorCard {
	const { header, body, buttons } = partsOf(components);
	const text = body?.text ?? '';
	const { body_text: listed, body_text_named_params: named } = body?.example ?? {};
	return {
		key: crypto.randomUUID(),
		sample: header?.example?.header_handle?.[0] ?? '',
		body: text,
		examples: readExamples('body', text, format, listed?.[0], named),
		buttons: buttons.map(editorButton)
	};
}

/** What a card's fields say, as Meta takes it. */
export function cardOf(card: EditorCard, format: ParameterFormat, header: CardHeader): TemplateCard {
	const { sample, body, examples, buttons } = card;
	return {
		components: [
			mediaHeader(header, sample),
			...(body.trim() === ''
				? []
				: [{ type: 'BODY' as const, text: body, ...examplesOf('body', body, { format, examples }) }]),
			{ type: 'BUTTONS', buttons: buttons.map(buttonOf) }
		]
	};
}

/** A picture, film or document at the head, with its sample. */
export function mediaHeader(format: HeaderComponent['format'], sample: string): HeaderComponent {
	const bare = { type: 'HEADER', format } as const;
	if (sample.startsWith('storage:')) return withSample(bare, sample.slice('storage:'.length));
	return sample === '' ? bare : { ...bare, example: { header_handle: [sample] } };
}
