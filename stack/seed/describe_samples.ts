/**
 * Looks into the samples that the seed shows, as the worker would: `node stack/seed/describe_samples.ts`. By hand, when
 * a sample changes; what it finds is committed, so that a first start need not decode anything.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describeFile } from '../../workers/src/media/describe.ts';
import { SAMPLES, SAMPLE_TYPES, THUMBNAILS, type Described } from './samples.ts';

const described: Record<string, Described> = {};
for (const [name, mimeType] of Object.entries(SAMPLE_TYPES)) {
	const [file, thumbnail] = [new URL(name, SAMPLES), new URL(`${name}.webp`, THUMBNAILS)].map((url) =>
		fileURLToPath(url)
	);
	described[name] = await describeFile(file ?? '', mimeType, thumbnail ?? '');
}
await writeFile(new URL('samples.json', import.meta.url), `${JSON.stringify(described)}\n`);
