/** The whole schema. Imports only; every domain adds its types, queries and mutations to the builder. */
import './graphql/node.ts';
import './domains/tenancy/index.ts';
import './domains/crm/index.ts';
import './domains/knowledge/index.ts';
import './domains/delivery/index.ts';
import './domains/strategy/index.ts';
import './domains/finance/index.ts';
import './domains/ai/index.ts';
import './domains/people/index.ts';
import './domains/support/index.ts';
import './domains/communication/index.ts';
import './domains/files/index.ts';
import './domains/content/index.ts';
import './domains/platform/index.ts';
import { builder } from './builder.ts';
import { finishSchema } from './graphql/finish.ts';

export const schema = finishSchema(builder.toSchema());
