/*
 * The outbox: what waits to be sent, and the jobs that send it. `private.enqueue_send` is the one way in.
 */

/*
 * One job a conversation, however many messages wait: order is kept and none overtakes another. A job
 * that waits because the provider said so keeps its time when one more message joins the queue.
 */
create function private.enqueue_send(conversation_id uuid, run_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'message__send',
    json_build_object('conversation_id', conversation_id),
    queue_name => 'send:' || conversation_id,
    run_at => run_at,
    job_key => 'send:' || conversation_id,
    job_key_mode => case when run_at is null then 'preserve_run_at' else 'replace' end,
    priority => 0::smallint
  );
end;
$$;
