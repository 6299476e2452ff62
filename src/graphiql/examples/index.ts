/** The saved operations of GraphiQL, area by area. */
import { crmExamples } from './crm.ts';
import type { Example } from './example.ts';
import { knowledgeExamples } from './knowledge.ts';
import { nodeExamples } from './node.ts';
import { platformExamples } from './platform.ts';
import { tenancyExamples } from './tenancy.ts';

export const examples: readonly Example[] = [
  ...tenancyExamples,
  ...crmExamples,
  ...knowledgeExamples,
  ...platformExamples,
  ...nodeExamples,
];
