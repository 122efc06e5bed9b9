import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';
import type { Row } from '#lib/database.ts';

export type DocumentRow = Omit<Row<'ai_documents'>, 'body' | 'tenant_id' | 'path' | 'created_at' | 'revision'>;

const COLUMNS = 'id, title, format, filename, size, pieces, indexed_at, progress, error, updated_at';

/** By title. Throws what the database answers. */
export async function documentsOf(client: Client, tenantId: string): Promise<DocumentRow[]> {
	const { data } = await client
		.from('ai_documents')
		.select(COLUMNS)
		.eq('tenant_id', tenantId)
		.order('title')
		.limit(1_000)
		.throwOnError();
	return data;
}

/** Whether a worker is still at it. */
export const isReading = ({ error, indexed_at }: DocumentRow) => error === null && indexed_at === null;

export interface Pasted {
	id: string | null;
	title: string;
	format: string;
	body: string;
}

export async function saveDocument(client: Client, tenantId: string, { id, title, format, body }: Pasted) {
	await client.rpc('save_ai_document', { tenant_id: tenantId, document_id: id, title, format, body }).throwOnError();
}

/** The words of a document, for whoever changes them; null where they came from a file. */
export async function bodyOf(client: Client, id: string): Promise<string> {
	const { data } = await client.from('ai_documents').select('body').eq('id', id).single().throwOnError();
	return data.body ?? '';
}

const Found = z.array(
	z.object({ document_id: z.string(), position: z.number(), title: z.string(), heading: z.string(), text: z.string() })
);
export type Found = z.infer<typeof Found>[number];

/** What an agent would be given for a question, best first. */
export async function findKnowledge(client: Client, tenantId: string, question: string): Promise<Found[]> {
	const { data } = await client.rpc('find_ai_knowledge', { tenant_id: tenantId, question }).throwOnError();
	return Found.parse(data);
}

const FORMATS: Record<string, { format: 'text' | 'markdown' | 'csv' | 'html' | 'pdf'; type: string }> = {
	txt: { format: 'text', type: 'text/plain' },
	md: { format: 'markdown', type: 'text/markdown' },
	markdown: { format: 'markdown', type: 'text/markdown' },
	csv: { format: 'csv', type: 'text/csv' },
	html: { format: 'html', type: 'text/html' },
	htm: { format: 'html', type: 'text/html' },
	pdf: { format: 'pdf', type: 'application/pdf' }
};

/** What a file is by its name; null: nothing that can be read. */
export const formatOf = (name: string) => FORMATS[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? null;
export const ACCEPTED = Object.keys(FORMATS)
	.map((ending) => `.${ending}`)
	.join(',');
