/*
 * Sending a canned response without the composer: a macro does, or a rule. The text is chosen as core/src/canned/choose.ts
 * chooses it, so that a conversation reads the same one of several that are tried, whoever sends it; and it counts as
 * a use of that text.
 */

/* A number from 0 to 1 that a text of ASCII always gives: `portion` of core/src/canned/choose.ts, bit by bit. */
create function private.portion_of(text text)
  returns double precision
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_hash bigint := 2166136261;
begin
  for i in 1 .. length($1) loop
    v_hash := ((v_hash # ascii(substr($1, i, 1))) * 16777619) & 4294967295;
  end loop;
  v_hash := (((v_hash # (v_hash >> 16))::numeric * 2246822507) % 4294967296)::bigint;
  v_hash := (((v_hash # (v_hash >> 13))::numeric * 3266489909) % 4294967296)::bigint;
  return (v_hash # (v_hash >> 16))::double precision / 4294967296;
end;
$$;

/*
 * The text of a response that a conversation gets: of those for its kind of channel, or else of those for every one, by
 * weight. Nothing where the response is put away or is somebody else's own.
 */
create function private.canned_variant(conversation public.conversations, response_id uuid, actor uuid)
  returns public.canned_response_variants
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_variant public.canned_response_variants;
begin
  with published as (
    select v as variant, v.position, v.weight, coalesce(v.channel_type = c.type::text, false) as is_own, v.channel_type is null as is_any
    from public.canned_responses r
    join public.canned_response_variants v on v.tenant_id = r.tenant_id and v.response_id = r.id and v.version = r.published_version
    join public.channels c on c.id = conversation.channel_id
    where r.tenant_id = conversation.tenant_id
      and r.id = $2
      and r.archived_at is null
      and (r.owner_id is null or r.owner_id = $3)
  ), fitting as (
    select p.*, bool_or(p.is_own) over () as has_own
    from published p
    where p.is_own or p.is_any
  ), weighed as (
    select
      f.*, sum(f.weight) over (order by f.position) as upto,
      private.portion_of($2 || ':' || conversation.id) * sum(f.weight) over () as aim
    from fitting f
    where f.is_own = f.has_own
  )
  select (w.variant).* into v_variant
  from weighed w
  -- All at rest: the first is still a text.
  order by (w.weight > 0 and w.upto > w.aim) desc, w.position
  limit 1;
  return v_variant;
end;
$$;

/*
 * Sends a canned response into a conversation with its files, and notes the use. One call sends once: what follows the first
 * message has an id made of `client_id`. Raises canned_response_not_found and what sending raises.
 */
create function private.send_canned(conversation public.conversations, response_id uuid, actor uuid, client_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_variant public.canned_response_variants := private.canned_variant(conversation, $2, $3);
  v_response public.canned_responses;
  v_message public.messages;
  v_parcel record;
begin
  if v_variant.id is null then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  select r.* into v_response from public.canned_responses r where r.id = v_variant.response_id;
  for v_parcel in
    select p.value as content, p.ordinality as place
    from jsonb_array_elements(
      private.canned_parcels(
        private.canned_files(v_response, v_variant.version), private.fill_variables(v_variant.text, conversation, actor)
      )
    ) with ordinality p
    order by p.ordinality
  loop
    v_message := private.queue_message(
      conversation, case when v_parcel.place = 1 then client_id else md5(client_id || ':' || v_parcel.place)::uuid end, v_parcel.content,
      null, case when actor is null then 'system' else 'agent' end::public.message_author, actor, true
    );
    if v_parcel.place = 1 then
      perform private.note_canned_uses(v_message, array[v_variant.id]);
    end if;
  end loop;
end;
$$;
