import { m } from '../paraglide/messages.js';

/** What a contact is called: name, else @username, else number. */
export function contactName(contact: { name: string; username?: string | null; phone: string | null }): string {
	if (contact.name) return contact.name;
	if (contact.username) return `@${contact.username}`;
	return contact.phone ? phoneText(contact.phone) : m.nameless();
}

/** A phone as people write it: +55 11 98888-7777. Other countries keep their digits. */
export function phoneText(digits: string): string {
	const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
	return brazil ? `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}` : `+${digits}`;
}
