-- Ids break the ties of created_at, which has milliseconds: rows made one after another within one of them shall list in
-- that order. UUID version 7 with more of the clock (RFC 9562, section 6.2, method 3): 48 bits of milliseconds, the
-- version, 12 bits of their fraction, then random bits.
set local role gateway_owner;

create or replace function app.uuid_v7() returns uuid language sql volatile parallel safe
  return (
    overlay(lpad(to_hex((extract(epoch from clock_timestamp()) * 4096000)::bigint), 15, '0') placing '7' from 13 for 0)
    || substring(gen_random_uuid()::text from 20))::uuid;
