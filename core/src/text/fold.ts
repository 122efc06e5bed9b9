/**
 * A text as it is compared: small letters, no accents, one blank between words. `São  João` and `SAO JOAO` are one.
 * The database folds with unaccent, which agrees on every letter that Portuguese, Spanish and English write.
 */
export function fold(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
