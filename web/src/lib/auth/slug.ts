/** The address a company's name makes, as the database would propose it (sql/12_signing_up.sql); empty where it makes none. */
export function slugOf(name: string): string {
	const plain = name
		.normalize('NFD')
		.replaceAll(/\p{M}/gu, '')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-+|-+$/g, '')
		.slice(0, 34)
		.replace(/-+$/, '');
	return plain.length < 2 ? '' : plain;
}
