import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';

export interface Film {
	width: number | null;
	height: number | null;
	duration_seconds: number | null;
}

/** Size and length of a video, or length of a recording, from its headers alone. Null where they say nothing. */
export async function readFilm(file: string): Promise<Film | null> {
	const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(file) });
	try {
		const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
		const track = await input.getPrimaryVideoTrack();
		return {
			width: track ? await track.getDisplayWidth() : null,
			height: track ? await track.getDisplayHeight() : null,
			duration_seconds: Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 100) / 100 : null
		};
	} catch {
		return null;
	} finally {
		input.dispose();
	}
}
