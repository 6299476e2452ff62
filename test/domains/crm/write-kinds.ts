/** What can be written in CRM: how a row is made and changed, and what it needs. */
import { randomUUID } from 'node:crypto';
import type { Org } from '../../support/gateway.ts';

/** Ids that inputs need, by organization. */
export const needs = new Map<
  Org,
  { account: string; contact: string; pipeline: string; stage: string; proposal: string }
>();
export const need = (org: Org) => needs.get(org) ?? { account: '', contact: '', pipeline: '', stage: '', proposal: '' };

export interface Kind {
  readonly type: string;
  readonly table: string;
  readonly list: string;
  readonly isSoft: boolean;
  readonly input: (org: Org) => object;
  readonly change: object;
}

export const kinds: readonly Kind[] = [
  {
    type: 'Account',
    table: 'accounts',
    list: 'accounts',
    isSoft: true,
    input: () => ({ name: 'A' }),
    change: { name: 'B' },
  },
  {
    type: 'Contact',
    table: 'contacts',
    list: 'contacts',
    isSoft: true,
    input: () => ({ fullName: 'A' }),
    change: { fullName: 'B' },
  },
  {
    type: 'Property',
    table: 'properties',
    list: 'properties',
    isSoft: true,
    input: (org) => ({ name: 'A', accountId: need(org).account }),
    change: { name: 'B' },
  },
  { type: 'Deal', table: 'deals', list: 'deals', isSoft: true, input: () => ({ title: 'A' }), change: { title: 'B' } },
  {
    type: 'Lead',
    table: 'leads',
    list: 'leads',
    isSoft: true,
    input: () => ({ firstName: 'A' }),
    change: { firstName: 'B' },
  },
  {
    type: 'Pipeline',
    table: 'pipelines',
    list: 'pipelines',
    isSoft: false,
    input: () => ({ name: 'A' }),
    change: { name: 'B' },
  },
  {
    type: 'PipelineStage',
    table: 'pipeline_stages',
    list: 'pipelineStages',
    isSoft: false,
    input: (org) => ({ name: 'A', pipelineId: need(org).pipeline }),
    change: { name: 'B' },
  },
  {
    type: 'Interaction',
    table: 'interactions',
    list: 'interactions',
    isSoft: false,
    input: () => ({ subject: 'A' }),
    change: { subject: 'B' },
  },
  {
    type: 'Service',
    table: 'services',
    list: 'services',
    isSoft: false,
    input: () => ({ name: 'A' }),
    change: { name: 'B' },
  },
  {
    type: 'Template',
    table: 'templates',
    list: 'templates',
    isSoft: false,
    input: () => ({ name: 'A', type: 'EMAIL' }),
    change: { name: 'B' },
  },
  {
    type: 'Proposal',
    table: 'proposals',
    list: 'proposals',
    isSoft: true,
    input: () => ({ title: 'A', proposalNumber: randomUUID() }),
    change: { title: 'B' },
  },
  {
    type: 'ProposalLineItem',
    table: 'proposal_line_items',
    list: 'proposalLineItems',
    isSoft: false,
    input: (org) => ({ description: 'A', proposalId: need(org).proposal }),
    change: { description: 'B' },
  },
  {
    type: 'Contract',
    table: 'contracts',
    list: 'contracts',
    isSoft: true,
    input: () => ({ title: 'A' }),
    change: { title: 'B' },
  },
];
