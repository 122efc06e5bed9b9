/* The same secrets put under another key, while everything runs. */

/*
 * Secrets of channels, modules and companies' AI keys under another key than the current one, in order after a place, so that a rotation can
 * go on where it stopped.
 */
create function private.secrets_to_rotate(current_key text, after_owner uuid, after_name text, portion integer)
  returns table (owner_id uuid, name text, key_id text, nonce text, ciphertext text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select s.owner_id, s.name, s.key_id, encode(s.nonce, 'hex'), encode(s.ciphertext, 'hex')
  from (
    select c.channel_id as owner_id, c.name, c.key_id, c.nonce, c.ciphertext from private.channel_secrets c
    union all
    select m.module_id, m.name, m.key_id, m.nonce, m.ciphertext from private.module_secrets m
    union all
    select a.tenant_id, 'ai_key', a.key_id, a.nonce, a.ciphertext from private.ai_keys a
  ) s
  where s.key_id <> $1
    and (s.owner_id, s.name) > ($2, $3)
  order by s.owner_id, s.name
  limit $4;
end;
$$;

grant execute on function private.secrets_to_rotate(text, uuid, text, integer) to prosa_worker;

/* Puts the same secret under another key, unless it has been changed meanwhile. Returns whether it did. */
create function private.rotate_secret(owner_id uuid, name text, old_nonce text, key_id text, nonce text, ciphertext text)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update private.channel_secrets s
  set
    key_id = $4,
    nonce = decode($5, 'hex'),
    ciphertext = decode($6, 'hex'),
    rotated_at = clock_timestamp()
  where s.channel_id = $1
    and s.name = $2
    and s.nonce = decode($3, 'hex');
  if found then
    return true;
  end if;
  update private.module_secrets s
  set
    key_id = $4,
    nonce = decode($5, 'hex'),
    ciphertext = decode($6, 'hex'),
    rotated_at = clock_timestamp()
  where s.module_id = $1
    and s.name = $2
    and s.nonce = decode($3, 'hex');
  if found or $2 <> 'ai_key' then
    return found;
  end if;
  update private.ai_keys k
  set
    key_id = $4,
    nonce = decode($5, 'hex'),
    ciphertext = decode($6, 'hex'),
    rotated_at = clock_timestamp()
  where k.tenant_id = $1
    and k.nonce = decode($3, 'hex');
  return found;
end;
$$;

grant execute on function private.rotate_secret(uuid, text, text, text, text, text) to prosa_worker;
