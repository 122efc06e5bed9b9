import type { HeaderComponent } from './component.ts';

/** Marks a header's sample that waits in our storage (bucket `media`) until it is handed to Meta. */
const STORED = 'storage:';

/** Where the sample of a header stands in storage; null where Meta has it already, or there is none. */
export function sampleFile(header: HeaderComponent): string | null {
	const handle = header.example?.header_handle?.[0];
	return handle?.startsWith(STORED) ? handle.slice(STORED.length) : null;
}

/** A header with a file of our storage as its sample. */
export function withSample(header: HeaderComponent, path: string): HeaderComponent {
	return { ...header, example: { ...header.example, header_handle: [`${STORED}${path}`] } };
}
