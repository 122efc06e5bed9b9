/*
 * Many canned responses at once, from a table (core/src/canned/table.ts reads it). Each is saved by itself, as a person
 * would save it: what is refused is told and holds none of the others up. Tried first, nothing of it stays.
 */

/*
 * Saves up to 500 responses, [{shortcut, title, category, scope, team_id, language, variants}]: those whose shortcut stands
 * for the same people already get the new words as their next version, the others are made. Gives, in their order,
 * [{outcome: created | updated | unchanged | refused, code, detail}]. With `dry_run` nothing stays. Raises
 * tenant_not_found, too_many_canned_responses.
 */
create function public.import_canned_responses(tenant_id uuid, responses jsonb, dry_run boolean)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_results jsonb := '[]';
  v_response jsonb;
  v_known public.canned_responses;
  v_saved public.canned_responses;
  v_code text;
  v_detail text;
begin
  if $1 is null or not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if jsonb_typeof(responses) is distinct from 'array' or jsonb_array_length(responses) > 500 then
    perform private.refuse(422, 'too_many_canned_responses');
  end if;

  begin
    for v_response in select e.value from jsonb_array_elements(responses) with ordinality e order by e.ordinality loop
      begin
        select r.* into v_known
        from public.canned_responses r
        where r.tenant_id = $1
          and r.archived_at is null
          and r.shortcut = v_response ->> 'shortcut'
          and r.scope = v_response ->> 'scope'
          and r.team_id is not distinct from (v_response ->> 'team_id')::uuid
          and (r.scope <> 'private' or r.owner_id = auth.uid());
        v_saved := public.save_canned_response($1, coalesce(v_known.id, gen_random_uuid()), v_response);
        v_results := v_results || jsonb_build_object('outcome', case
          when v_known.id is null then 'created'
          when (v_saved.published_version, v_saved.title, v_saved.category, v_saved.language)
            is distinct from (v_known.published_version, v_known.title, v_known.category, v_known.language) then 'updated'
          else 'unchanged'
        end);
      exception
        when transaction_rollback or insufficient_resources or operator_intervention then
          raise;
        when others then
          get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
          v_results := v_results || jsonb_build_object(
            'outcome', 'refused',
            'code', case when sqlstate ~ '^PT' then v_code else 'canned_response_invalid' end,
            'detail', nullif(v_detail, '')
          );
      end;
    end loop;
    if dry_run then
      perform private.refuse(409, 'preview_ends');
    end if;
  exception when sqlstate 'PT409' then
    -- Only the end of a try comes this far.
    null;
  end;
  return v_results;
end;
$$;

grant execute on function public.import_canned_responses(uuid, jsonb, boolean) to authenticated;
