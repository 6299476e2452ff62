-- Secrets are encrypted by the server, invitations are bound to their address.

-- What pgcrypto encrypted is decrypted by the server as well: no key travels to the database, whose logs may print parameters.
set local role none;
revoke execute on function pgp_sym_encrypt(text, text, text) from gateway, gateway_service;
revoke execute on function pgp_sym_decrypt(bytea, text) from gateway_service;
