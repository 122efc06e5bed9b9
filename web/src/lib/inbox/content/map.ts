interface Line {
	at: { x1: number; y1: number; x2: number; y2: number };
	width: number;
}

interface Park {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The streets of a place that never was: drawn from its coordinates, so that a place looks the same each time. */
export function streetsOf(latitude: number, longitude: number): { turn: number; lines: Line[]; parks: Park[] } {
	const next = random(Math.round(latitude * 1e4) * 7919 + Math.round(longitude * 1e4));
	const lines: Line[] = [];
	for (let x = -80; x < 380; x += 28 + next() * 34) {
		lines.push({ at: { x1: x, y1: -140, x2: x + next() * 20 - 10, y2: 260 }, width: next() > 0.7 ? 9 : 4 });
	}
	for (let y = -120; y < 260; y += 26 + next() * 30) {
		lines.push({ at: { x1: -100, y1: y, x2: 400, y2: y + next() * 20 - 10 }, width: next() > 0.75 ? 11 : 4 });
	}
	const parks = Array.from({ length: 2 }, () => ({
		x: next() * 240,
		y: next() * 90,
		width: 30 + next() * 50,
		height: 24 + next() * 36
	}));
	return { turn: Math.round(next() * 50 - 25), lines, parks };
}

/** A small generator of its own (mulberry32): the browser's cannot be seeded. */
function random(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** -23.56140, -46.65590 */
export function coordinatesText(latitude: number, longitude: number): string {
	return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** Where a place can be looked up. */
export function mapLinks({ latitude, longitude }: { latitude: number; longitude: number }) {
	const place = `${latitude},${longitude}`;
	return {
		osm: `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`,
		google: `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(place)}`
	};
}
