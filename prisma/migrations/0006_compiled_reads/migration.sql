-- Compiled reads make the text of an answer in one statement. A value that the schema promises and that is not there must
-- not become a null in it: the statement stops here, and the resolvers say what is wrong.
set local role gateway_owner;

create function app.missing() returns text language plpgsql volatile parallel safe as $$
begin
  raise exception 'a value that the schema promises is missing' using errcode = 'GW010';
end
$$;
grant execute on function app.missing() to gateway, gateway_service;
