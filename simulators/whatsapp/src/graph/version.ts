/** Versions alive in November 2026; v21 goes in January. Anything else Graph takes for a path it doesn't know. */
const OLDEST = 20;
const NEWEST = 26;

export function isVersion(segment: string): boolean {
	const match = /^v(\d{1,3})\.0$/.exec(segment);
	return match !== null && Number(match[1]) >= OLDEST && Number(match[1]) <= NEWEST;
}
