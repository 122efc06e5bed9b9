/** Storage takes these in a name; the rest of a name's letters are brought to them. */
const outside = /[^\w!.*'() &$@=;:+,?-]+/g;
const longest = 80;

/** A file's name as Storage takes it: `Comprovação nº 1.pdf` is `Comprovacao n_ 1.pdf`. The end is kept, for its type. */
export function safeName(name: string): string {
	const plain = name
		.normalize('NFD')
		.replace(/\p{Diacritic}/gu, '')
		.replace(outside, '_')
		.trim();
	return plain.slice(-longest) || 'file';
}

/** Where a person's upload lies in the bucket `media`. */
export function uploadPath(tenantId: string, userId: string, id: string, name: string): string {
	return `${tenantId}/uploads/${userId}/${id}/${safeName(name)}`;
}
