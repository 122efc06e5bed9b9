import p from 'postgres';
const s = p('postgresql://supabase_admin:postgres@127.0.0.1:59999/postgres', { max: 1 });
const claims = JSON.stringify({ sub: (await s`select md5('volume agent 0')::uuid u`)[0].u, role: 'authenticated' });
const t = (await s`select md5('volume')::uuid t, md5('volume conversation 7777')::uuid c`)[0];
await s.begin(async (q) => {
	await q`select set_config('role','authenticated',true), set_config('request.jwt.claims',${claims},true)`;
	const ex = `explain (analyze, buffers, summary) select * from public.messages where tenant_id='${t.t}' and conversation_id='${t.c}' order by seq desc limit 50`;
	await q.unsafe(ex);
	console.log(
		(await q.unsafe(ex))
			.map((r) => r['QUERY PLAN'])
			.filter((l) => /Planning|Execution|Limit|Buffers|Time/.test(l))
			.join('\n')
	);
	const tag = (await q`select md5('volume tag 11')::uuid t`)[0].t;
	const ex2 = `explain (analyze, buffers, summary) select c.* from public.conversations c where tenant_id='${t.t}' and folder='open' and tag_ids && '{${tag}}' order by last_message_at desc, id desc limit 50`;
	await q.unsafe(ex2);
	console.log((await q.unsafe(ex2)).map((r) => r['QUERY PLAN']).join('\n'));
});
await s.end();
