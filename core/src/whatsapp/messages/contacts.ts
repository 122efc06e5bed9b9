import { z } from 'zod';
import { part } from './part.ts';
import { Anything, MaybeText, Text } from './schema.ts';

const list = <Item extends z.ZodType>(item: Item) =>
	z
		.array(item)
		.nullish()
		.transform((items) => items ?? []);

export const ContactPayload = z
	.object({
		name: z
			.object({ formatted_name: MaybeText, first_name: MaybeText, last_name: MaybeText })
			.nullish()
			.transform((name) => name ?? { formatted_name: null, first_name: null, last_name: null }),
		phones: list(z.object({ phone: MaybeText, wa_id: MaybeText, type: MaybeText })),
		emails: list(z.object({ email: Text, type: MaybeText })),
		urls: list(z.object({ url: Text, type: MaybeText })),
		addresses: list(Anything),
		org: z.object({ company: MaybeText, title: MaybeText }).nullish(),
		birthday: MaybeText
	})
	.transform(({ name, org, ...rest }) => ({
		name:
			name.formatted_name ||
			[name.first_name, name.last_name].filter(Boolean).join(' ') ||
			rest.phones[0]?.phone ||
			rest.emails[0]?.email ||
			'',
		first_name: name.first_name,
		last_name: name.last_name,
		...rest,
		company: org?.company ?? null,
		title: org?.title ?? null
	}));

export const contacts = part('contacts', z.array(ContactPayload).min(1), (cards) => ({
	content: { kind: 'contacts', contacts: cards },
	body: cards
		.map(({ name }) => name)
		.filter(Boolean)
		.join(', ')
}));
