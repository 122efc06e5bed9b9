import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { CHANNEL, fetchJobs, fileFrom, mediaContent, messageOf } from './arrange.ts';

const database = useDatabase();
const waiting = async () =>
	(await database.owner<{ id: string }[]>`select message_id as id from private.media_fetches`).map(({ id }) => id);
const clear = async () => {
	await database.owner`delete from private.media_fetches`;
	await database.owner`delete from graphile_worker._private_jobs`;
};

const PENDING = {
	status: 'pending',
	path: null,
	thumbnail: null,
	mime_type: 'image/jpeg',
	size: null,
	width: null,
	height: null,
	duration_seconds: null,
	waveform: null,
	sha256: null,
	filename: null,
	animated: null,
	error: null
};

test('a first picture waits to be fetched, and says so in its message', async () => {
	await clear();
	const picture = fileFrom('5511987651001');
	await receive(database.door, [delivery([picture])]);
	const message = await messageOf(database.owner, picture.external_id);
	expect(message.media).toEqual(PENDING);
	expect(await waiting()).toEqual([message.id]);
	expect(await fetchJobs(database.owner)).toEqual([`media__fetch:${CHANNEL}`]);
});

test('a burst of pictures in open conversations wakes one job a channel', async () => {
	const phones = ['5511987651011', '5511987651012', '5511987651013'];
	for (const phone of phones) await receive(database.door, [delivery([textFrom(phone, 'Oi')])]);
	await clear();
	const pictures = phones.flatMap((phone) => [fileFrom(phone), fileFrom(phone, { kind: 'sticker', animated: true })]);
	await receive(
		database.door,
		[...pictures, textFrom(phones[0] ?? '', 'e texto')].map((event) => delivery([event]))
	);
	expect(await waiting()).toHaveLength(6);
	expect(await fetchJobs(database.owner)).toHaveLength(1);
	const [, sticker] = pictures;
	expect((await messageOf(database.owner, sticker?.external_id ?? '')).media).toEqual({ ...PENDING, animated: true });
});

test('words, places and placeholders fetch nothing', async () => {
	await clear();
	const phone = '5511987651021';
	const plain = [
		textFrom(phone, 'Oi'),
		textFrom(phone, '', { kind: 'location', content: { kind: 'location' } as never }),
		textFrom(phone, '', { kind: 'media_placeholder', content: { kind: 'media_placeholder' }, history_status: 'read' })
	];
	for (const event of plain) await receive(database.door, [delivery([event])]);
	for (const { external_id } of plain) expect((await messageOf(database.owner, external_id)).media).toBeNull();
	expect(await waiting()).toEqual([]);
	expect(await fetchJobs(database.owner)).toEqual([]);
});

test('a picture delivered twice is fetched once', async () => {
	await clear();
	const picture = fileFrom('5511987651031');
	await receive(database.door, [delivery([picture], 'one')]);
	await receive(database.door, [delivery([picture], 'another')]);
	expect(await waiting()).toHaveLength(1);
});

test('history that names its picture first and shows it later has it fetched, behind what is live', async () => {
	await clear();
	const external_id = 'wamid.placeholder-filled';
	const history = { external_id, history_status: 'read', sent_at: '2026-01-05T12:00:00Z', counts_unread: false };
	const placeholder = textFrom('5511987651041', '', {
		...history,
		kind: 'media_placeholder',
		content: { kind: 'media_placeholder' }
	});
	await receive(database.door, [delivery([placeholder])]);
	await receive(database.door, [delivery([fileFrom('5511987651041', {}, history)])]);
	await receive(database.door, [delivery([fileFrom('5511987651042')])]);
	expect((await messageOf(database.owner, external_id)).media).toEqual(PENDING);
	const claim = await claimed(10);
	expect(claim.files.map(({ kind }) => kind)).toEqual(['image', 'image']);
	expect(claim.files[1]?.message_id).toBe((await messageOf(database.owner, external_id)).id);
});

test('hundreds of pictures of imported history wake their channel once', async () => {
	await clear();
	const pictures = Array.from({ length: 200 }, () =>
		fileFrom('5511987651051', {}, { history_status: 'read', counts_unread: false })
	);
	await receive(database.door, [delivery(pictures)]);
	expect(await waiting()).toHaveLength(200);
	const [job] = await database.owner<{ revision: number }[]>`
		select revision from graphile_worker.jobs where key = ${`media__fetch:${CHANNEL}`}`;
	expect(job?.revision).toBe(0);
});

test('what was taken is put off, each time longer, and never handed to two at once', async () => {
	await clear();
	const pictures = ['5511987651061', '5511987651062'].map((phone) => fileFrom(phone));
	for (const picture of pictures) await receive(database.door, [delivery([picture])]);
	const first = await claimed(1);
	const second = await claimed(1);
	expect(first.files[0]?.message_id).not.toBe(second.files[0]?.message_id);
	expect((await claimed(1)).files).toEqual([]);

	const pauses = await database.owner<{ pause: string }[]>`
		select extract(epoch from private.media_pause(n))::integer::text as pause from generate_series(1, 12) n`;
	expect(pauses.map(({ pause }) => Number(pause))).toEqual([
		5, 20, 80, 320, 1280, 5120, 20480, 21600, 21600, 21600, 21600, 21600
	]);
});

test('a channel that needs attention keeps what it has to fetch, and is woken when it is well', async () => {
	await clear();
	const picture = fileFrom('5511987651071', mediaContent());
	await receive(database.door, [delivery([picture])]);
	const [file] = (await claimed(5)).files;
	await settle(file, { result: 'hold', error: { code: 190, title: 'Token expired' } });
	const [channel] = await database.owner`select status, status_detail from public.channels where id = ${CHANNEL}`;
	expect(channel).toEqual({ status: 'attention', status_detail: { code: 190, title: 'Token expired' } });
	expect(await claim(5)).toBeNull();

	await database.owner`delete from graphile_worker._private_jobs`;
	await database.owner`update public.channels set status = 'connected', status_detail = null where id = ${CHANNEL}`;
	expect(await fetchJobs(database.owner)).toEqual([`media__fetch:${CHANNEL}`]);
	expect((await claimed(5)).files[0]).toMatchObject({ message_id: file?.message_id, attempt: 1 });
});

test('settling twice changes nothing, and what is stored is never said to have failed', async () => {
	await clear();
	const picture = fileFrom('5511987651081');
	await receive(database.door, [delivery([picture])]);
	const [file] = (await claimed(5)).files;
	const path = `${file?.tenant_id}/${file?.message_id}/original.jpg`;
	const stored = { result: 'stored', media: { path, mime_type: 'image/jpeg', size: 9, width: 3, height: 4 } };
	await settle(file, stored);
	const once = await messageOf(database.owner, picture.external_id);
	expect(once.media).toEqual({ ...PENDING, status: 'stored', path, size: 9, width: 3, height: 4 });
	await settle(file, stored);
	await settle(file, { result: 'failed', error: { code: 'media_expired', title: '' } });
	expect(await messageOf(database.owner, picture.external_id)).toEqual(once);
	expect(await waiting()).toEqual([]);
	const rows = await database.owner`select path from private.media_files where message_id = ${once.id}`;
	expect(rows.map(({ path }) => path)).toEqual([path]);
});

test('the file of a message that was erased meanwhile is nobody’s', async () => {
	await clear();
	const picture = fileFrom('5511987651091');
	await receive(database.door, [delivery([picture])]);
	const [file] = (await claimed(5)).files;
	await database.owner`delete from public.messages where id = ${file?.message_id ?? ''}`;
	await settle(file, { result: 'stored', media: { path: `${file?.tenant_id}/${file?.message_id}/original.jpg` } });
	expect(await waiting()).toEqual([]);
	expect(await database.owner`select from private.media_files where message_id = ${file?.message_id ?? ''}`).toEqual(
		[]
	);
});

interface File {
	message_id: string;
	tenant_id: string;
	created_at: string;
	attempt: number;
	kind: string;
}

async function claim(count: number): Promise<{ files: File[] } | null> {
	const [row] = await database.worker<{ claim: { files: File[] } | null }[]>`
		select private.claim_media(${CHANNEL}, ${count}, '{}') as claim`;
	return row?.claim ?? null;
}

async function claimed(count: number): Promise<{ files: File[] }> {
	const found = await claim(count);
	if (!found) throw new Error('the channel keeps its files');
	return found;
}

async function settle(file: File | undefined, outcome: object): Promise<void> {
	await database.worker`
		select private.settle_media(
			${file?.tenant_id ?? ''}, ${file?.message_id ?? ''}, ${file?.created_at ?? ''}::text::timestamptz,
			${JSON.stringify(outcome)}::text::jsonb
		)`;
}
