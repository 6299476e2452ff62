/** Services, templates, proposals with their lines, contracts. */
import type { Deal } from './crm-deals.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { ServiceOffer, Stage } from './trade.ts';

export function serviceRows(scene: Scene) {
  return scene.business.trade.services.map(({ name, description, unit, cents, isActive = true }, index) => ({
    org_id: scene.org.id,
    id: scene.id('services', index),
    name,
    description,
    unit,
    unit_price_cents: cents,
    currency: scene.org.currency,
    is_active: isActive,
    created_at: scene.calendar.workday(395 - index * 23, 120),
  }));
}

export function templateRows(scene: Scene) {
  return scene.business.trade.templates.map(({ name, type, sections }, index) => ({
    org_id: scene.org.id,
    id: scene.id('templates', index),
    name,
    type,
    content: { sections },
    created_at: scene.calendar.workday(360 - index * 50, 200),
  }));
}

type Status = 'draft' | 'sent' | 'accepted' | 'rejected' | 'expired';

export interface Proposal {
  readonly id: string;
  readonly deal: Deal;
  readonly status: Status;
  /** Days since it was written, sent and answered. */
  readonly written: number;
  readonly sent: number | null;
  readonly decided: number | null;
  readonly lines: readonly { readonly service: ServiceOffer; readonly serviceId: string; readonly quantity: number }[];
}

const statuses: readonly Status[] = [
  'accepted',
  'draft',
  'sent',
  'rejected',
  'accepted',
  'sent',
  'draft',
  'expired',
  'accepted',
  'draft',
  'sent',
];
const stageFor: Readonly<Record<Status, Stage['kind']>> = {
  draft: 'open',
  sent: 'open',
  accepted: 'won',
  rejected: 'lost',
  expired: 'lost',
};
const brainStatuses = ['idle', 'queued', 'drafting', 'review', 'ready', 'failed'] as const;
const quantities = { hour: [4, 60], day: [2, 14], item: [1, 3], month: [3, 12] } as const;

function planLines(scene: Scene, random: Random): Proposal['lines'] {
  const offers = scene.business.trade.services.map((service, index) => ({
    service,
    serviceId: scene.id('services', index),
  }));
  const chosen = random.some(
    offers.filter(({ service }) => service.isActive !== false),
    random.int(2, 5),
  );
  return chosen.map(({ service, serviceId }) => {
    const [low, high] = quantities[service.unit];
    const half = service.unit === 'hour' && random.chance(0.3) ? 0.5 : 0;
    return { service, serviceId, quantity: random.int(low, high) + half };
  });
}

/** The dates of a proposal lie inside those of its deal: drafts are fresh, answers come when the deal is closed. */
function planDates(random: Random, deal: Deal, status: Status) {
  const decided = deal.closed;
  const written =
    decided === null ? Math.min(deal.age, random.int(3, 24)) : Math.min(deal.age, decided + random.int(5, 30));
  return {
    written,
    sent: status === 'draft' ? null : Math.max(decided ?? 1, written - 2),
    decided: status === 'expired' ? null : decided,
  };
}

export function planProposals(scene: Scene, deals: readonly Deal[]): Proposal[] {
  const random = scene.random('proposals');
  const byStage = { open: [] as Deal[], won: [] as Deal[], lost: [] as Deal[] };
  for (const deal of random.shuffled(deals)) byStage[deal.stage.kind].push(deal);
  const used = { open: 0, won: 0, lost: 0 };
  return Array.from({ length: scene.business.volume.proposals }, (_, index) => {
    const status = at(statuses, index);
    const kind = stageFor[status];
    const deal = at(byStage[kind], used[kind]++);
    return {
      id: scene.id('proposals', index),
      deal,
      status,
      lines: planLines(scene, random),
      ...planDates(random, deal, status),
    };
  });
}

const outcomes = { draft: null, sent: null, accepted: 'won', rejected: 'lost', expired: null } as const;

export function proposalRows(scene: Scene, proposals: readonly Proposal[]) {
  const { calendar, business } = scene;
  const random = scene.random('proposal-rows');
  const templates = business.trade.templates.flatMap(({ type, sections }, index) =>
    type === 'proposal' ? [{ index, sections }] : [],
  );
  let drafts = 0;
  const rows = proposals.map(({ id, deal, status, written, sent, decided, lines }, index) => {
    const template = at(templates, index);
    const subtotal = lines.reduce((sum, { service, quantity }) => sum + Math.round(service.cents * quantity), 0);
    const motive = random.pick(business.trade.motivations);
    return {
      org_id: scene.org.id,
      id,
      account_id: deal.account.id,
      deal_id: deal.id,
      template_id: scene.id('templates', template.index),
      proposal_number: `P-${calendar.date(-written).slice(0, 4)}-${String(index + 1).padStart(3, '0')}`,
      title: `${deal.work} for ${deal.account.name}`,
      status,
      brain_status: status === 'draft' ? at(brainStatuses, drafts++) : at(['ready', 'idle'], Math.floor(index / 3)),
      deal_outcome: outcomes[status],
      content: {
        summary: `${deal.account.name} wants ${motive}. We propose: ${lines.map(({ service }) => service.name.toLowerCase()).join(', ')}.`,
        sections: template.sections,
      },
      currency: scene.org.currency,
      tax_cents: Math.round(subtotal * business.taxRate),
      valid_until_on: sent === null ? null : calendar.date(30 - sent),
      sent_at: sent === null ? null : calendar.workday(sent, 340),
      decided_at: decided === null ? null : calendar.workday(decided, 400),
      deleted_at: null as string | null,
      created_at: calendar.workday(written, random.int(0, 300)),
    };
  });
  // A discarded copy: its number may be used again.
  const copies = rows
    .slice(1, 2)
    .map((row) => ({ ...row, id: scene.id('proposals', rows.length), deleted_at: calendar.ago(1, 655) }));
  return [...rows, ...copies];
}

export function lineItemRows(scene: Scene, proposals: readonly Proposal[]) {
  const lines = proposals.flatMap(({ id, written, lines }) =>
    lines.map((line, position) => ({ ...line, id, written, position })),
  );
  return lines.map(({ id, service, serviceId, quantity, position, written }, index) => ({
    org_id: scene.org.id,
    id: scene.id('lines', index),
    proposal_id: id,
    service_id: serviceId,
    position: position + 1,
    description: `${service.name}: ${service.description}`,
    quantity,
    unit_price_cents: service.cents,
    created_at: scene.calendar.workday(written, 310),
  }));
}

type ContractStatus = 'draft' | 'sent' | 'signed' | 'terminated' | 'expired';

/** From the newest to the oldest. */
const contractStatuses: readonly ContractStatus[] = [
  ...(['draft', 'sent', 'draft', 'sent', 'signed', 'draft', 'signed', 'signed'] as const),
  ...(['sent', 'signed', 'signed', 'terminated', 'signed', 'expired', 'terminated', 'expired'] as const),
];

/** Every accepted proposal, then other won deals, until there are enough; the newest first. */
function contractBasis(proposals: readonly Proposal[], deals: readonly Deal[], count: number) {
  const accepted = proposals.filter(({ status }) => status === 'accepted');
  const others = deals.filter(
    (deal) => deal.stage.kind === 'won' && !accepted.some((proposal) => proposal.deal === deal),
  );
  const basis = [
    ...accepted.map(({ deal, id }) => ({ deal, id })),
    ...others.map((deal) => ({ deal, id: null })),
  ].slice(0, count);
  return basis.map((item) => ({ ...item, won: item.deal.closed ?? 0 })).sort((a, b) => a.won - b.won);
}

export function contractRows(scene: Scene, proposals: readonly Proposal[], deals: readonly Deal[]) {
  const { calendar, business } = scene;
  const basis = contractBasis(proposals, deals, business.volume.contracts);
  return basis.map(({ deal, id, won }, index) => {
    const status = at(contractStatuses, Math.floor((index * contractStatuses.length) / basis.length));
    const isSigned = status !== 'draft' && status !== 'sent';
    const starts = won - 14;
    return {
      org_id: scene.org.id,
      id: scene.id('contracts', index),
      account_id: deal.account.id,
      proposal_id: id,
      client_name: deal.account.name,
      title: `${deal.work} agreement, ${deal.account.name}`,
      scope: business.trade.contractScope,
      terms: business.trade.contractTerms,
      status,
      starts_on: calendar.date(-starts),
      ends_on: calendar.date(status === 'expired' ? -Math.floor(starts / 3) : 365 - starts),
      signed_at: isSigned ? calendar.workday(Math.max(1, won - 6), 300) : null,
      signed_by: isSigned && deal.contact ? `${deal.contact.firstName} ${deal.contact.lastName}` : null,
      created_at: calendar.workday(Math.max(1, won - 1), 150),
    };
  });
}
