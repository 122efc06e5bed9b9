/**
 * Makes the sample files beside it: `node simulators/whatsapp/samples/make.ts`. By hand and seldom; what it makes is
 * committed, because Opus and H.264 are encoded by a browser (CHROMIUM_PATH, default /usr/bin/chromium).
 */
import { chromium } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { bread, cake, dashboard, wavingLoaf } from './drawings.ts';

const at = (name: string) => new URL(name, import.meta.url);

/** As a phone stores it: the sensor lies on its side, and EXIF says how to turn it. */
async function photo(drawing: string, name: string): Promise<void> {
	await sharp(Buffer.from(drawing))
		.rotate(-90)
		.jpeg({ quality: 62, mozjpeg: true })
		.withMetadata({ orientation: 6 })
		.toFile(at(name).pathname);
}

async function picture(drawing: string, name: string): Promise<void> {
	await sharp(Buffer.from(drawing)).jpeg({ quality: 62, mozjpeg: true }).toFile(at(name).pathname);
}

async function sticker(): Promise<void> {
	const moments = Array.from({ length: 10 }, (_, index) => Buffer.from(wavingLoaf(index / 10)));
	const frames = await Promise.all(moments.map((moment) => sharp(moment).png().toBuffer()));
	await sharp(frames, { join: { animated: true } })
		.webp({ quality: 60, loop: 0, delay: frames.map(() => 90), effort: 6 })
		.toFile(at('figurinha-animada.webp').pathname);
	await sharp(frames[2]).webp({ quality: 70 }).toFile(at('figurinha.webp').pathname);
}

/** What the browser encodes, as base64. */
interface Encoded {
	voice: string;
	video: string;
}

async function encode(): Promise<Encoded> {
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' });
	try {
		const page = await browser.newPage();
		// Codecs exist on safe origins alone; nothing leaves the machine.
		await page.route('http://localhost/', (route) =>
			route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
		);
		await page.goto('http://localhost/');
		const library = new URL('../../../node_modules/mediabunny/dist/bundles/mediabunny.cjs', import.meta.url);
		await page.addScriptTag({ content: await readFile(library, 'utf8') });
		return (await page.evaluate(await readFile(at('encode.js'), 'utf8'))) as Encoded;
	} finally {
		await browser.close();
	}
}

await Promise.all([photo(bread, 'foto.jpg'), picture(cake, 'bolo.jpg'), picture(dashboard, 'painel.jpg'), sticker()]);
const { voice, video } = await encode();
await writeFile(at('voz.ogg'), Buffer.from(voice, 'base64'));
await writeFile(at('video.mp4'), Buffer.from(video, 'base64'));
