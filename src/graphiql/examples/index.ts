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

interface Area {
  readonly name: string;
  readonly examples: readonly Example[];
}

export const areas: readonly Area[] = [
  { name: 'Organization', examples: tenancyExamples },
  { name: 'CRM', examples: crmExamples },
  { name: 'Delivery', examples: deliveryExamples },
  { name: 'Strategy', examples: strategyExamples },
  { name: 'Finance', examples: financeExamples },
  { name: 'AI', examples: aiExamples },
  { name: 'People', examples: peopleExamples },
  { name: 'Support', examples: supportExamples },
  { name: 'Communication', examples: communicationExamples },
  { name: 'Files', examples: filesExamples },
  { name: 'Website', examples: contentExamples },
  { name: 'Knowledge', examples: knowledgeExamples },
  { name: 'Platform', examples: platformExamples },
  { name: 'Workflow', examples: workflowExamples },
  { name: 'Any record', examples: nodeExamples },
];

export const examples: readonly Example[] = areas.flatMap((area) => area.examples);

/** Those that a page opens with; the others are a choice away. */
export const opening: readonly string[] = [
  'WhoAmI',
  'Accounts',
  'DealBoard',
  'CreateAndUpdate',
  'ProjectBoard',
  'Receivables',
  'LateTickets',
  'SearchDocuments',
  'Node',
];
