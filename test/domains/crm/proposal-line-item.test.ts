import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { conflict, make, refusal, write } from '../../support/write.ts';
import { draft, line, read, sent } from './proposals.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const totals = 'subtotal { cents currency } tax { cents } total { cents amount }';

describe('the lines of a draft', () => {
  test('line items drive proposal totals: they are added, changed and removed, and the totals follow', async () => {
    const proposalId = await draft(acme.member, { lineItems: [] });
    const id = await make(acme.member, 'ProposalLineItem', {
      proposalId,
      description: 'A',
      quantity: '2',
      unitPriceCents: '150',
    });
    expect(
      await write(
        acme.member,
        'proposalLineItemCreate',
        { proposalId, description: 'B', unitPriceCents: '50' },
        `position proposal { ${totals} }`,
      ),
    ).toMatchObject({
      position: 2,
      proposal: { total: { cents: '350', amount: '3.50' } },
    });
    expect(
      await write(
        acme.member,
        'proposalLineItemUpdate',
        { id, quantity: '3' },
        'total { cents } proposal { total { cents } }',
      ),
    ).toEqual({ total: { cents: '450' }, proposal: { total: { cents: '500' } } });
    await write(acme.member, 'proposalUpdate', { id: proposalId, taxCents: '7' });
    const gone = 'mutation ($id: ID!) { gone: proposalLineItemDelete(input: { id: $id }) { proposalLineItemId } }';
    expect(await acme.member.ok(gone, { id })).toEqual({ gone: { proposalLineItemId: id } });
    expect(await read(acme.viewer, proposalId, totals)).toEqual({
      subtotal: { cents: '50', currency: 'USD' },
      tax: { cents: '7' },
      total: { cents: '57', amount: '0.57' },
    });
  });

  test('stay as they are once it is sent', async () => {
    const proposalId = await sent(acme.member);
    const { lineItems } = await read(acme.viewer, proposalId, 'lineItems { nodes { id } }');
    const [{ id }] = lineItems.nodes;
    const message = 'This proposal is sent; lines change only while it is a draft.';
    expect(await refusal(acme.member, 'proposalLineItemCreate', { proposalId, ...line })).toEqual(
      conflict(message, 'proposalId', null),
    );
    expect(await refusal(acme.member, 'proposalLineItemUpdate', { id, quantity: '9' })).toEqual(
      conflict(message, 'id', 1),
    );
    expect(await refusal(acme.member, 'proposalLineItemDelete', { id })).toEqual(conflict(message, 'id', 1));
    expect(await read(acme.viewer, proposalId, `status ${totals} lineItems { totalCount }`)).toMatchObject({
      status: 'SENT',
      subtotal: { cents: '500' },
      lineItems: { totalCount: 1 },
    });
  });

  test('stay as they are while it is deleted', async () => {
    const proposalId = await draft(acme.member);
    await write(acme.member, 'proposalDelete', { id: proposalId });
    const message = 'This proposal is deleted; lines change only while it is a draft.';
    expect(await refusal(acme.member, 'proposalLineItemCreate', { proposalId, ...line })).toEqual(
      conflict(message, 'proposalId', null),
    );
  });

  test('have a quantity above 0', async () => {
    const proposalId = await draft(acme.member);
    const refused = [
      {
        code: 'BAD_USER_INPUT',
        message: 'The value of quantity is not allowed.',
        path: ['quantity'],
        currentVersion: null,
      },
    ];
    expect(
      await refusal(acme.member, 'proposalLineItemCreate', { proposalId, description: 'A', quantity: '0' }),
    ).toEqual(refused);
    expect(await read(acme.viewer, proposalId, 'lineItems { totalCount }')).toEqual({ lineItems: { totalCount: 1 } });
  });
});
