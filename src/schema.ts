/** The whole schema. Imports only; every domain adds its types, queries and mutations to the builder. */
import './graphql/node.ts';
import './domains/tenancy/index.ts';
import './domains/crm/index.ts';
import './domains/knowledge/index.ts';
import './domains/platform/index.ts';
import { builder } from './builder.ts';
import { finishSchema } from './graphql/finish.ts';

export const schema = finishSchema(builder.toSchema());
