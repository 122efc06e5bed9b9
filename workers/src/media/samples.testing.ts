import { readFileSync } from 'node:fs';

const sample = (name: string) => readFileSync(new URL(`../../../simulators/whatsapp/samples/${name}`, import.meta.url));

/** A photo of 1,280 × 960 whose sensor lay on its side: EXIF turns it. */
export const photo = () => sample('foto.jpg');
/** Six seconds of a voice, Ogg Opus. */
export const voice = () => sample('voz.ogg');
/** Three seconds of 480 × 272, H.264. */
export const video = () => sample('video.mp4');
/** Ten frames of 384 × 384. */
export const animatedSticker = () => sample('figurinha-animada.webp');
