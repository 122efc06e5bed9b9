import File from '@lucide/svelte/icons/file';
import FileArchive from '@lucide/svelte/icons/file-archive';
import FileImage from '@lucide/svelte/icons/file-image';
import FileMusic from '@lucide/svelte/icons/file-music';
import FileSpreadsheet from '@lucide/svelte/icons/file-spreadsheet';
import FileText from '@lucide/svelte/icons/file-text';
import FileVideo from '@lucide/svelte/icons/file-video-camera';
import Presentation from '@lucide/svelte/icons/presentation';
import type { Component } from 'svelte';

type Icon = Component<{ size?: number; strokeWidth?: number }>;

const byType: [pattern: RegExp, icon: Icon, look: string][] = [
	[/pdf/, FileText, 'text-red'],
	[/sheet|excel|csv/, FileSpreadsheet, 'text-jade'],
	[/presentation|powerpoint/, Presentation, 'text-amber'],
	[/word|text|rtf|opendocument/, FileText, 'text-blue'],
	[/zip|rar|7z|tar|gzip|compressed/, FileArchive, 'text-amber'],
	[/^image\//, FileImage, 'text-blue'],
	[/^video\//, FileVideo, 'text-blue'],
	[/^audio\//, FileMusic, 'text-blue']
];

/** How a file's type is drawn. */
export function iconOf(mime: string | null): { icon: Icon; look: string } {
	const [, icon, look] = byType.find(([pattern]) => pattern.test(mime ?? '')) ?? [null, File, ''];
	return { icon, look };
}

/** What a file's type is called, in three or four letters: from its name, else from its type. */
export function extensionOf(filename: string | null, mime: string | null): string | null {
	const ending = /\.([a-z0-9]{1,5})$/i.exec(filename ?? '')?.[1] ?? mime?.split(';')[0]?.split('/')[1];
	return ending && ending.length <= 5 ? ending.toUpperCase() : null;
}
