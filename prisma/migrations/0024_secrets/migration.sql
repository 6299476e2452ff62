-- Secrets are encrypted by the server, invitations are bound to their address.

-- What pgcrypto encrypted is decrypted by the server as well: no key travels to the database, whose logs may print parameters.
set local role none;
revoke execute on function pgp_sym_encrypt(text, text, text) from gateway, gateway_service;
revoke execute on function pgp_sym_decrypt(bytea, text) from gateway_service;

-- An invitation is for its address; an explicit exception is on record, and so is who accepted.
set local role gateway_owner;
alter table org_invitations add column is_any_address boolean not null default false, add column accepted_by_id uuid;
select app.reference('org_invitations', 'accepted_by_id', 'org_members');

set local role gateway_service;
drop function app.accept_invitation(uuid, text);

-- Joins the organization that an invitation names, for the person of the invited address: the server passes the one that the
-- issuer of the token vouches for. Upper and lower case are the same in ASCII alone, since other letters have look-alikes.
-- Whoever comes back starts with the permissions of the role. Errors: GW006, whatever is wrong with the token; GW024 when
-- the address is another one.
create function app.accept_invitation(org uuid, hash text, verified_email text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  invitation public.org_invitations;
begin
  select * into invitation from public.org_invitations
    where org_id = org and status = 'pending' and expires_at > now()
      and id = (select id from app.secrets where relation = 'org_invitations' and org_id = org and secret = hash)
    for update;
  if invitation.id is null or app.user_id() is null
      or exists (select from public.organizations where id = org and deleted_at is not null) then
    raise exception 'invitation refused' using errcode = 'GW006';
  elsif not invitation.is_any_address
      and lower(invitation.email collate "C") is distinct from lower(verified_email collate "C") then
    raise exception 'another address was invited' using errcode = 'GW024';
  end if;
  insert into public.org_members (org_id, user_id, role, invited_by_id)
    values (org, app.user_id(), invitation.role, invitation.invited_by_id)
    on conflict (org_id, user_id) do update set status = 'active', role = excluded.role, permissions = '{}',
        invited_by_id = excluded.invited_by_id, joined_at = now()
      where org_members.status = 'removed';
  update public.org_invitations set status = 'accepted', accepted_at = now(), accepted_by_id = app.user_id()
    where org_id = org and id = invitation.id;
  update public.users set current_org_id = org where id = app.user_id() and current_org_id is null;
  perform app.memberships();
  return invitation.id;
end
$$;
grant execute on function app.accept_invitation(uuid, text, text) to gateway;
