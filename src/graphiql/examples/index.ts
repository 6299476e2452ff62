/** The saved operations of GraphiQL, area by area. */

import { aiExamples } from './ai.ts';
import { communicationExamples } from './communication.ts';
import { contentExamples } from './content.ts';
import { crmExamples } from './crm.ts';
import { deliveryExamples } from './delivery.ts';
import type { Example } from './example.ts';
import { filesExamples } from './files.ts';
import { financeExamples } from './finance.ts';
import { knowledgeExamples } from './knowledge.ts';
import { nodeExamples } from './node.ts';
import { peopleExamples } from './people.ts';
import { platformExamples } from './platform.ts';
import { strategyExamples } from './strategy.ts';
import { supportExamples } from './support.ts';
import { tenancyExamples } from './tenancy.ts';
import { workflowExamples } from './workflow.ts';

export const examples: readonly Example[] = [
  ...tenancyExamples,
  ...crmExamples,
  ...deliveryExamples,
  ...strategyExamples,
  ...financeExamples,
  ...aiExamples,
  ...peopleExamples,
  ...supportExamples,
  ...communicationExamples,
  ...filesExamples,
  ...contentExamples,
  ...knowledgeExamples,
  ...platformExamples,
  ...workflowExamples,
  ...nodeExamples,
];
