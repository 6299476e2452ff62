import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const names = async (args: string): Promise<string[]> =>
  (await acme.viewer.ok(`{ templates(${args}) { nodes { name } } }`)).templates.nodes.map(
    ({ name }: { name: string }) => name,
  );

test('an organization comes with a template of each type', async () => {
  const { templates } = await acme.viewer.ok(
    '{ templates(filter: { isSystem: { eq: true } }, orderBy: [{ type: {} }]) { totalCount nodes { name type isSystem } } }',
  );
  expect(templates).toEqual({
    totalCount: 5,
    nodes: [
      { name: 'Project brief', type: 'BRIEF', isSystem: true },
      { name: 'Service contract', type: 'CONTRACT', isSystem: true },
      { name: 'Follow-up', type: 'EMAIL', isSystem: true },
      { name: 'Invoice', type: 'INVOICE', isSystem: true },
      { name: 'Standard proposal', type: 'PROPOSAL', isSystem: true },
    ],
  });
});

test('a template that came with the organization is neither changed nor removed, not even by the owner', async () => {
  const { id } = (await acme.viewer.ok('{ templates(filter: { name: { eq: "Invoice" } }) { nodes { id } } }')).templates
    .nodes[0];
  const message = 'This template came with the organization and stays as it is. Make one of your own instead.';
  const refused = [{ code: 'FORBIDDEN', message, path: ['id'], currentVersion: 1 }];
  const row = () => gateway.sql('select * from templates where id = $1', [uuidOf(id)]);
  const before = await row();
  expect(before).toHaveLength(1);
  expect(await refusal(acme.owner, 'templateUpdate', { id, name: 'Mine' })).toEqual(refused);
  expect(await refusal(acme.owner, 'templateUpdate', { id, expectedVersion: 1, content: {} })).toEqual(refused);
  expect(await refusal(acme.owner, 'templateDelete', { id })).toEqual(refused);
  expect(await row()).toEqual(before);
});

test('nobody makes a system template', async () => {
  const { errors } = await acme.owner.run(
    'mutation { templateCreate(input: { name: "A", type: EMAIL, isSystem: true }) { template { id } } }',
  );
  expect(errors?.map(({ message }) => message)).toEqual([
    'Field "isSystem" is not defined by type "TemplateCreateInput".',
  ]);
  expect(await gateway.sql("select id from templates where name = 'A'")).toEqual([]);
});

test('an own template is made, changed and removed', async () => {
  const content = { sections: ['Why', 'What'], footer: { text: 'ä' } };
  const { id, ...made } = await write(
    acme.member,
    'templateCreate',
    { name: 'Pitch', type: 'PROPOSAL', content },
    'id name type content isSystem version',
  );
  expect(made).toEqual({ name: 'Pitch', type: 'PROPOSAL', content, isSystem: false, version: 1 });
  const changed = await write(acme.member, 'templateUpdate', { id, type: 'BRIEF' }, 'name type content version');
  expect(changed).toEqual({ name: 'Pitch', type: 'BRIEF', content, version: 2 });
  const gone =
    'mutation ($id: ID!) { gone: templateDelete(input: { id: $id, expectedVersion: 2 }) { template { id } templateId userErrors { code } } }';
  expect(await acme.member.ok(gone, { id })).toEqual({ gone: { template: null, templateId: id, userErrors: [] } });
  expect(await gateway.sql('select id from templates where id = $1', [uuidOf(id)])).toEqual([]);
});

test('content is required: it can be empty, and not null', async () => {
  const id = await make(acme.member, 'Template', { name: 'Empty', type: 'EMAIL' });
  const message = 'content is required and cannot be cleared.';
  expect(await refusal(acme.member, 'templateUpdate', { id, content: null })).toEqual([
    { code: 'BAD_USER_INPUT', message, path: ['content'], currentVersion: null },
  ]);
  expect(await gateway.sql('select content, version from templates where id = $1', [uuidOf(id)])).toEqual([
    { content: {}, version: 1 },
  ]);
});

test('templates are filtered, sorted and paged both ways', async () => {
  const system = 'filter: { isSystem: { eq: true } }';
  expect(
    await names('filter: { type: { in: [CONTRACT, INVOICE] }, isSystem: { eq: true } } orderBy: [{ name: {} }]'),
  ).toEqual(['Invoice', 'Service contract']);
  expect(await names('filter: { content: { path: ["sections"], has: "Liability" } }')).toEqual(['Service contract']);
  const page = async (args: string) =>
    (
      await acme.viewer.ok(
        `{ templates(${system} orderBy: [{ name: {} }] ${args}) { nodes { name } pageInfo { startCursor endCursor } } }`,
      )
    ).templates;
  const first = await page('first: 2');
  expect(first.nodes).toEqual([{ name: 'Follow-up' }, { name: 'Invoice' }]);
  const second = await page(`first: 2 after: "${first.pageInfo.endCursor}"`);
  expect(second.nodes).toEqual([{ name: 'Project brief' }, { name: 'Service contract' }]);
  expect((await page(`last: 1 before: "${second.pageInfo.startCursor}"`)).nodes).toEqual([{ name: 'Invoice' }]);
});

test('templates with the proposals made from them are one statement, by the resolvers one more for the total', async () => {
  const templateId = await make(acme.member, 'Template', { name: 'Used', type: 'PROPOSAL' });
  await make(acme.member, 'Proposal', { proposalNumber: 'T-1', title: 'From it', templateId });
  const rows = 'nodes { name proposals { totalCount nodes { title template { name } } } }';
  const { statements, result } = await gateway.countingBoth(acme.viewer, (client) =>
    client.ok(`{ templates(filter: { name: { eq: "Used" } }) { ${rows} } }`),
  );
  expect(statements).toEqual({ compiler: 1, resolvers: 1 });
  expect(result.templates.nodes).toEqual([
    { name: 'Used', proposals: { totalCount: 1, nodes: [{ title: 'From it', template: { name: 'Used' } }] } },
  ]);
  const total = await gateway.countingBoth(acme.viewer, (client) => client.ok(`{ templates { totalCount ${rows} } }`));
  expect(total.statements).toEqual({ compiler: 1, resolvers: 2 });
});
