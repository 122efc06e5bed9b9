import type { TemplateComponent } from '@prosa/core/whatsapp/templates/component.ts';
import { sampleFile } from '@prosa/core/whatsapp/templates/sample.ts';
import type { TemplatesGraph } from './graph.ts';

/** Reads what somebody has uploaded as the sample of a header. */
export interface Samples {
	/** Throws where it is not there. */
	read(path: string): Promise<Blob>;
}

export function createSamples({ url, key }: { url: string; key: string }): Samples {
	const base = `${url.replace(/\/+$/, '')}/storage/v1/object/authenticated/media`;
	return {
		async read(path) {
			const response = await fetch(`${base}/${path.split('/').map(encodeURIComponent).join('/')}`, {
				headers: { authorization: `Bearer ${key}`, apikey: key },
				signal: AbortSignal.timeout(30_000)
			});
			if (!response.ok) throw new Error(`the sample ${path} could not be read: HTTP ${response.status}`);
			return response.blob();
		}
	};
}

/** The components with every uploaded sample handed to Meta, in cards too. Only this tenant's uploads are ever read. */
export async function withHandles(
	components: readonly TemplateComponent[],
	tenantId: string,
	deps: { samples: Samples | null; templates: Pick<TemplatesGraph, 'upload'> },
	token: string
): Promise<TemplateComponent[]> {
	return Promise.all(
		components.map(async (component): Promise<TemplateComponent> => {
			if (component.type === 'CAROUSEL') {
				const cards = await Promise.all(
					component.cards.map(async (card) => ({
						...card,
						components: (await withHandles(card.components, tenantId, deps, token)) as typeof card.components
					}))
				);
				return { ...component, cards };
			}
			const path = component.type === 'HEADER' ? sampleFile(component) : null;
			if (component.type !== 'HEADER' || path === null) return component;
			if (!path.startsWith(`${tenantId}/uploads/`)) throw new Error(`the sample ${path} is not the tenant's`);
			if (!deps.samples) throw new Error('this worker has no access to storage: SUPABASE_URL is not set');
			const file = await deps.samples.read(path);
			const handle = await deps.templates.upload(token, file, path.split('/').at(-1) ?? 'sample');
			return { ...component, example: { ...component.example, header_handle: [handle] } };
		})
	);
}
