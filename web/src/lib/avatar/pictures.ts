import { getContext, hasContext, setContext } from 'svelte';

/** Where the picture of a person is; null where there is none. */
export type PictureOf = (id: string) => string | null;

/** The address of a picture. A new picture is a new file, so a browser asks for each one once (routes/avatars). */
export const pictureAddress = (avatar: string) => `/avatars/${avatar}`;

const key = Symbol('pictures');
export const setPictures = (pictureOf: PictureOf) => setContext(key, pictureOf);
/** Nobody has a picture where none were set: at the door. */
export const getPictures = (): PictureOf => (hasContext(key) ? getContext<PictureOf>(key) : () => null);
