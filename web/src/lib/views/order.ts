/** A list with one of its members moved to a place; null where that changes nothing. */
export function moved(ids: readonly string[], id: string, to: number): string[] | null {
	const from = ids.indexOf(id);
	const place = Math.min(Math.max(to, 0), ids.length - 1);
	if (from === -1 || from === place) return null;
	return ids.filter((one) => one !== id).toSpliced(place, 0, id);
}
