import { chooseVariant } from '@prosa/core/canned/choose.ts';
import { render } from '@prosa/core/canned/template.ts';
import type { Session } from '#lib/auth/session.svelte.ts';
import type { Composition } from '#lib/composer/composition.svelte.ts';
import type { Tray } from '#lib/composer/files/tray.svelte.ts';
import { signed, type Provider } from '#lib/composer/suggest/provider.ts';
import type { InboxRow } from '#lib/inbox/rows.ts';
import { phoneText } from '#lib/inbox/said.ts';
import { m } from '#lib/paraglide/messages.js';
import { nameOf, type Place } from '#lib/workspace/context.ts';

/** So many are offered at once; more letters find the others. */
const shown = 30;

interface Around {
	session: Session;
	place: () => Place;
	row: () => InboxRow;
	composition: Composition;
	tray: Tray;
}

/** Canned responses by `/`: found by shortcut, title and words, and put in with what is known of the conversation. */
export function cannedProvider({ session, place, row, composition, tray }: Around): Provider {
	return {
		name: 'canned',
		modes: ['reply'],
		label: m.canned_suggest,
		empty: m.canned_none_found,
		preview: true,
		at: signed('/', /(?:[^\s/][^\n/]{0,39})?/),
		async load() {
			const [{ libraryOf }, { findResponses }, { attributesOf }] = await Promise.all([
				import('./library.svelte.ts'),
				import('./find.ts'),
				import('./queries.ts')
			]);
			const { workspace, person } = place();
			const library = libraryOf(session, workspace.tenant_id);
			const [attributes] = await Promise.all([
				attributesOf(session.client, row().contact_id).catch(() => ({})),
				library.load()
			]);
			const facts = (language: string | null) => {
				const { contact, id } = row();
				return {
					contact: { name: contact.name, phone: contact.phone ? phoneText(contact.phone) : null, attributes },
					agent: { name: nameOf(place(), person.id) ?? person.name },
					workspace: { name: workspace.name, timezone: library.clock.timezone },
					conversation: { id },
					language: language ?? library.clock.locale,
					now: new Date()
				};
			};
			return (query) =>
				findResponses(library.responses, library.uses, query)
					.slice(0, shown)
					.flatMap(({ id, shortcut, title, category, language, variants, files }) => {
						const variant = chooseVariant(variants, row().channel.type, row().id, id);
						if (!variant) return [];
						return {
							id,
							label: title,
							note: `/${shortcut}`,
							tail: category,
							files: files.map(({ filename }) => filename),
							words: () => render(variant.text, facts(language)).text,
							onpicked: () => {
								composition.used = [...composition.used, variant.id];
								tray.lend(files);
								library.noteUse(id);
							}
						};
					});
		}
	};
}
