-- Who may be told what: permissions are asked before a read runs; secrecy is declared with the table; and what is attached is
-- seen by those who see what it is attached to.

set local role gateway_owner;

-- Lets a read that travels with its entry run, or stops it: an error skips what comes after. 'entered' is the row that
-- entering gave. Each need names a permission, the roles that have it, and the scopes that cover it.
create function app.demand(entered jsonb, needs jsonb) returns boolean language plpgsql stable parallel safe as $$
declare
  need jsonb;
begin
  for need in select * from jsonb_array_elements(needs) loop
    if not coalesce(need -> 'roles' ? (entered ->> 'role') or coalesce(entered -> 'permissions' ? (need ->> 'permission'), false), false)
      or entered ? 'scopes' and not exists (select from jsonb_array_elements_text(entered -> 'scopes') as scope where need -> 'scopes' ? scope) then
      raise exception 'needs %', need ->> 'permission' using errcode = 'insufficient_privilege';
    end if;
  end loop;
  return true;
end
$$;
grant execute on function app.demand(jsonb, jsonb) to gateway;
