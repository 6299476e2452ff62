/** Documents, client intelligence and what the organization knows, each with its vector. */
import type { Crm } from './crm.ts';
import type { Account } from './crm-accounts.ts';
import type { Deal } from './crm-deals.ts';
import { insertRows } from './insert.ts';
import { at } from './random.ts';
import { embedTexts, type Scene, slugOf } from './scene.ts';

/** The organization's own documents, then those of its clients; every client gets another kind in each round. */
function articles(scene: Scene, accounts: readonly Account[]) {
  const { trade, volume } = scene.business;
  const clients = accounts.filter(({ lifecycle, kind }) => lifecycle !== 'prospect' && kind === 'company');
  const own = trade.ownDocuments.map((article) => ({ ...article, account: undefined }));
  const made = Array.from({ length: volume.documents - own.length }, (_, index) => {
    const account = at(clients, index);
    const article = at(trade.clientDocuments, index + Math.floor(index / clients.length));
    const topic = at(trade.topics, index * 5 + 3);
    const named = (text: string) => text.replaceAll('{client}', account.name);
    return {
      title: named(article.title),
      body: `${named(article.body)} Open point: ${topic.about}. ${topic.neutral}`,
      account,
    };
  });
  return [...own, ...made];
}

async function seedDocuments(scene: Scene, accounts: readonly Account[]): Promise<void> {
  const { calendar, org } = scene;
  const random = scene.random('documents');
  const list = articles(scene, accounts);
  const vectors = await embedTexts(
    scene.embedder,
    list.map(({ title, body }) => `${title}\n${body}`),
    768,
  );
  const rows = list.map(({ title, body, account }, index) => {
    const created_at = calendar.workday(random.int(2, Math.min(360, account?.age ?? 360)), random.int(0, 520));
    const mime = at(['text/markdown', 'text/plain', 'text/html', 'application/pdf'], index);
    return {
      org_id: org.id,
      id: scene.id('documents', index),
      title,
      body,
      source_uri: index % 3 === 2 ? null : `https://files.${org.slug}.example/${slugOf(title)}`,
      mime_type: mime,
      account_id: account?.id ?? null,
      status: index % 9 === 8 ? 'archived' : 'active',
      metadata: {
        language: 'en',
        pages: random.int(1, 14),
        isConfidential: account !== undefined && random.chance(0.3),
      },
      deleted_at: index % 31 === 30 ? calendar.ago(4, 580) : null,
      created_at,
      ...vectors[index],
      embedded_at: created_at,
    };
  });
  await insertRows(scene.client, 'documents', rows);
}

function history(deals: readonly Deal[], currency: string) {
  const own = deals.filter((deal) => deal.currency === currency);
  const won = own.filter(({ stage }) => stage.kind === 'won');
  return {
    won: won.length,
    lost: own.filter(({ stage }) => stage.kind === 'lost').length,
    open: own.filter(({ stage }) => stage.kind === 'open').length,
    wonCents: String(won.reduce((sum, { valueCents }) => sum + valueCents, 0)),
    currency,
  };
}

const standing = {
  client: 'is a client and knows how we work',
  prospect: 'has not bought anything yet',
  former: 'was a client and left on good terms',
} as const;

function portrait(scene: Scene, account: Account, deals: readonly Deal[], index: number) {
  const { trade } = scene.business;
  const [motive, second] = [at(trade.motivations, index), at(trade.motivations, index + 2)];
  const style = at(trade.decisionStyles, index);
  const past = history(deals, scene.org.currency);
  const works = [...new Set(deals.map(({ work }) => work.toLowerCase()))].slice(0, 3).join(', ') || 'no project so far';
  const concern = at(trade.topics, index * 3).about;
  return {
    psychographics: {
      motivations: [motive, second],
      decisionStyle: style,
      riskTolerance: at(['low', 'medium', 'high'], index),
      tone: at(['formal', 'direct', 'warm'], index + 1),
    },
    deal_history: past,
    summary:
      `${account.name} (${account.industry}) ${standing[account.lifecycle]}. Talked about with them: ${works}. ` +
      `They look for ${motive} and ${second}; way of deciding: ${style}. ` +
      `Won ${past.won}, lost ${past.lost}, open ${past.open}. Sensitive point: ${concern}.`,
  };
}

async function seedClientIntelligence(scene: Scene, { accounts, deals }: Crm): Promise<void> {
  const known = accounts.filter(({ isDuplicate }, index) => !isDuplicate && index % 3 === 0);
  const portraits = known.map((account, index) => ({
    account,
    ...portrait(
      scene,
      account,
      deals.filter((deal) => deal.account === account),
      index,
    ),
  }));
  const texts = portraits.map(({ account, summary }) => `${account.name}\n${summary}`);
  const vectors = await embedTexts(scene.embedder, texts, 1536);
  const rows = portraits.map(({ account, ...columns }, index) => {
    const created_at = scene.calendar.workday(Math.max(1, Math.floor(account.age / 3)), 90 + index);
    return {
      org_id: scene.org.id,
      id: scene.id('client_intelligence', index),
      account_id: account.id,
      client_name: account.name,
      ...columns,
      created_at,
      ...vectors[index],
      embedded_at: created_at,
    };
  });
  await insertRows(scene.client, 'client_intelligence', rows);
}

async function seedOrgBrain(scene: Scene): Promise<void> {
  const entries = scene.business.trade.knowledge;
  const vectors = await embedTexts(
    scene.embedder,
    entries.map(({ text }) => text),
    1536,
  );
  const rows = entries.map(({ type, source, text }, index) => {
    const created_at = scene.calendar.workday(340 - index * 16, 240);
    return {
      org_id: scene.org.id,
      id: scene.id('org_brain', index),
      content_type: type,
      content_text: text,
      source,
      created_at,
      ...vectors[index],
      embedded_at: created_at,
    };
  });
  await insertRows(scene.client, 'org_brain', rows);
}

export async function seedKnowledge(scene: Scene, crm: Crm): Promise<void> {
  await seedDocuments(
    scene,
    crm.accounts.filter(({ isDuplicate }) => !isDuplicate),
  );
  await seedClientIntelligence(scene, crm);
  await seedOrgBrain(scene);
}
