import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { samplePdf } from '../../../simulators/whatsapp/src/media/sample_pdf.ts';
import type { MediaStorage } from '../../../workers/src/media/storage.ts';
import { aiIndex } from '../../../workers/src/tasks/ai__turn.ts';
import { aiReadFile } from '../../../workers/src/tasks/ai__read_file.ts';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { teach } from './agents.ts';

const database = useDatabase();
const helpers = { abortSignal: new AbortController().signal, logger: { warn: () => {} } } as never;

const search = async (question: string) => {
	const [row] = await database.as(
		'sofia',
		(sql) => sql<{ found: { title: string; heading: string; text: string }[] }[]>`
			select public.find_ai_knowledge(${uuid('padaria')}, ${question}) as found`
	);
	return row?.found ?? [];
};

/** Brings a file as a person does: uploaded, then named. */
async function bring(bytes: Uint8Array, format: string, filename: string) {
	const path = `${uuid('padaria')}/uploads/${uuid('sofia')}/${crypto.randomUUID()}/${filename}`;
	await database.owner`
		insert into storage.objects (bucket_id, name, metadata) values ('media', ${path}, ${JSON.stringify({ size: bytes.length })}::text::jsonb)`;
	const id = await database.as('sofia', async (sql) => {
		const [row] = await sql<{ id: string }[]>`
			select id from public.save_ai_file(${uuid('padaria')}, ${filename}, ${format}, ${path}, ${filename})`;
		return String(row?.id);
	});
	const storage = {
		get: async (asked: string, file: string) => {
			if (asked !== path) return null;
			await writeFile(file, bytes);
			return { size: bytes.length, sha256: '' };
		}
	} as unknown as MediaStorage;
	await aiReadFile({ db: database.worker, storage })({ document_id: id }, helpers);
	await aiIndex({ db: database.worker })({ document_id: id }, helpers);
	const [row] = await database.owner<{ pieces: number; error: string | null; progress: number; path: string }[]>`
		select pieces, error, progress, path from public.ai_documents where id = ${id}`;
	return { id, path, ...row };
}

test('a PDF’s words are found under their page, and the file is kept as it came', async () => {
	const pdf = await bring(samplePdf('Entrega de bolos em quarenta minutos'), 'pdf', 'entrega.pdf');
	expect(pdf).toMatchObject({ pieces: 1, error: null, progress: 100 });
	expect((await search('quanto demora a entrega?'))[0]).toMatchObject({ title: 'entrega.pdf', heading: 'Página 1' });
	const [row] = await database.owner`select private.is_attached(${pdf.path}) as kept`;
	expect(row?.kept).toBe(true);
});

test('a web page’s headings lead to its words, and its scripts and menus are nobody’s', async () => {
	const page = `<html><head><style>p{}</style></head><body><nav>Menu rocambole</nav><script>alert('rocambole')</script>
		<h1>Encomendas</h1><p>Aceitamos encomendas at&eacute; a véspera.</p><h2>Sinal</h2><p>Pedimos metade do valor adiantado.</p></body></html>`;
	expect(await bring(Buffer.from(page), 'html', 'site.html')).toMatchObject({ pieces: 2, error: null });
	expect((await search('preciso pagar algo adiantado?'))[0]).toMatchObject({ heading: 'Encomendas › Sinal' });
	expect((await search('rocambole')).filter(({ title }) => title === 'site.html')).toEqual([]);
});

test.each([
	['no PDF at all', 'pdf', Buffer.from('isto não é um PDF'), 'ai_file_unreadable'],
	['a PDF that breaks off', 'pdf', Buffer.from(samplePdf('x')).subarray(0, 40), 'ai_file_unreadable'],
	['a page of pictures', 'html', Buffer.from('<img src="a.png"><script>1</script>'), 'ai_file_without_words']
])('%s is told with the document, and nothing is found in it', async (_what, format, bytes, error) => {
	expect(await bring(bytes, format, 'ruim')).toMatchObject({ pieces: 0, error });
});

test('who teaches agents brings files without answering customers; who does neither brings none', async () => {
	const roleOf = (permissions: string) =>
		database.as('ana', async (sql) => {
			const [role] = await sql<{ id: string }[]>`
				select id from public.save_role(${uuid('padaria')}, null, ${`Só ${permissions}`}, '', ${[permissions, 'ai.read']})`;
			return role?.id ?? '';
		});
	const brings = async (permission: string) => {
		const role = await roleOf(permission);
		await database.owner`
			update public.memberships set role = null, role_id = ${role} where tenant_id = ${uuid('padaria')} and user_id = ${uuid('duda')}`;
		const path = `${uuid('padaria')}/uploads/${uuid('duda')}/${crypto.randomUUID()}/a.pdf`;
		return database.as('duda', async (sql) => {
			await sql`insert into storage.objects (bucket_id, name, metadata) values ('media', ${path}, '{"size": 3}')`;
			return sql`select id from public.save_ai_file(${uuid('padaria')}, 'A', 'pdf', ${path}, 'a.pdf')`;
		});
	};
	try {
		expect(await brings('ai.manage')).toHaveLength(1);
		await expect(brings('contacts.read')).rejects.toThrow('row-level security');
	} finally {
		await database.owner`
			update public.memberships set role = 'agent', role_id = null where tenant_id = ${uuid('padaria')} and user_id = ${uuid('duda')}`;
	}
});

test('a file that somebody else has uploaded makes no document', async () => {
	const path = `${uuid('padaria')}/uploads/${uuid('caio')}/${crypto.randomUUID()}/a.pdf`;
	await database.owner`insert into storage.objects (bucket_id, name, metadata) values ('media', ${path}, '{"size": 3}')`;
	await expect(
		database.as('sofia', (sql) => sql`select public.save_ai_file(${uuid('padaria')}, 'A', 'pdf', ${path}, 'a.pdf')`)
	).rejects.toThrow('ai_file_missing');
});

test('words that stand everywhere do not hide the one that tells, and what is thrown away is counted no more', async () => {
	const common = Array.from(
		{ length: 1_500 },
		(_, index) => `# Item ${index}\nO pão da padaria custa pouco, número ${index}.`
	);
	const many = await teach(database, 'Catálogo', common.join('\n'));
	await teach(database, 'Raro', '# Panetone\nO panetone da padaria custa R$ 70.');
	expect((await search('quanto custa o panetone da padaria?'))[0]).toMatchObject({ title: 'Raro' });
	expect((await search('quanto custa o pão da padaria?')).length).toBe(6);
	const stems = async () => {
		const [row] = await database.owner<{ pieces: number }[]>`
			select max(pieces) as pieces from private.ai_stems where tenant_id = ${uuid('padaria')} and stem like 'pad%'`;
		return row?.pieces;
	};
	expect(await stems()).toBeGreaterThan(1_500);
	await database.as('sofia', (sql) => sql`select public.delete_ai_document(${many})`);
	expect(await stems()).toBeLessThan(10);
	expect(await search('panetoni')).toMatchObject([{ title: 'Raro' }]);
});
