import { beforeAll, expect, test } from 'vitest';
import type { Client, Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, write } from '../../support/write.ts';
import { colleague, makeTeam, type Team } from './team.ts';

let gateway: Gateway;
let org: Org;
let other: Org;
let team: Team;
let courseId: string;
/** Everything about the worker, by the field that finds it. */
const about: Record<string, string> = {};

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
  team = await makeTeam(gateway, org);
  const { worker, lead } = team;
  courseId = await make(org.admin, 'TrainingCourse', { title: 'Safety' });
  about.employee = worker.id;
  about.leaveRequest = await make(worker.client, 'LeaveRequest', { startsOn: '2026-03-02', endsOn: '2026-03-06' });
  about.performanceReview = await make(lead.client, 'PerformanceReview', { employeeId: worker.id, rating: 4 });
  about.trainingEnrollment = await make(lead.client, 'TrainingEnrollment', { employeeId: worker.id, courseId });
});

const kinds = ['employee', 'leaveRequest', 'performanceReview', 'trainingEnrollment'];

/** The document that looks for everything about the worker in every way there is. */
function lookUp(): string {
  const one = kinds.map((kind) => `${kind}(id: "${about[kind]}") { id }`);
  const byNode = kinds.map((kind) => `${kind}_node: node(id: "${about[kind]}") { id }`);
  const listed = kinds.map(
    (kind) => `${kind}_list: ${kind}s(filter: { id: { eq: "${about[kind]}" } }) { totalCount nodes { id } }`,
  );
  const related = ['leaveRequests', 'performanceReviews', 'trainingEnrollments'].map(
    (list) =>
      `${list}_of: employees(filter: { ${list}: { some: { id: { isNull: false } } }, firstName: { eq: "Worker" } }) { totalCount }`,
  );
  const through = kinds
    .slice(1)
    .map(
      (kind) =>
        `${kind}_through: ${kind}s(filter: { employee: { firstName: { startsWith: "Work" } } }, orderBy: [{ employee: { lastName: {} } }]) { totalCount nodes { id } }`,
    );
  const nested = `course: trainingCourse(id: "${courseId}") { trainingEnrollments { totalCount nodes { id } } }
    courses: trainingCourses(filter: { trainingEnrollments: { some: { employee: { firstName: { eq: "Worker" } } } } }) { totalCount }`;
  return `{ ${[...one, ...byNode, ...listed, ...related, ...through, nested].join('\n')} }`;
}

/** Whether somebody sees something of the worker: by each way, and not by one alone. */
async function seen(client: Client): Promise<Record<string, boolean>> {
  const data = await client.ok(lookUp());
  const found = Object.entries(data).map(([key, value]: [string, Data]) => {
    const text = JSON.stringify(value);
    const isFound = !/^null$|"totalCount":0/.test(text);
    expect(isFound, key).toBe(isFound && !/"nodes":\[\]/.test(text));
    return [key, isFound];
  });
  return Object.fromEntries(found);
}

const everything = async (client: Client) => Object.values(await seen(client)).every(Boolean);
const nothing = async (client: Client) => !Object.values(await seen(client)).some(Boolean);

test('a member without relation, a viewer and another organization see nothing, in no way there is', async () => {
  expect(await nothing(team.outsider.client)).toBe(true);
  expect(await nothing(org.member)).toBe(true);
  expect(await nothing(org.viewer)).toBe(true);
  const [employees, courses] = ['{ employees { totalCount } }', '{ trainingCourses { totalCount } }'];
  expect((await other.owner.ok(employees)).employees.totalCount).toBe(0);
  expect((await other.owner.ok(courses)).trainingCourses.totalCount).toBe(0);
});

test('the managers above and admins see everything', async () => {
  for (const client of [team.lead.client, team.boss.client, org.admin, org.owner])
    expect(await everything(client)).toBe(true);
});

test('the person sees everything but drafts of reviews, and the manager only by name of the member', async () => {
  const hidden = Object.entries(await seen(team.worker.client)).filter(([, found]) => !found);
  expect(hidden.map(([key]) => key)).toEqual([
    'performanceReview',
    'performanceReview_node',
    'performanceReview_list',
    'performanceReviews_of',
    'performanceReview_through',
  ]);
  const own = '{ employees { totalCount nodes { id manager { id } performanceReviews { totalCount } } } }';
  expect((await team.worker.client.ok(own)).employees).toEqual({
    totalCount: 1,
    nodes: [{ id: team.worker.id, manager: null, performanceReviews: { totalCount: 0 } }],
  });
});

test('compiled reads and resolvers hide the same, and lists of nested rows stay one statement', async () => {
  const query = `{ employees(orderBy: [{ firstName: {} }]) { totalCount nodes { firstName manager { firstName }
    reports { totalCount nodes { firstName } } leaveRequests { totalCount nodes { workingDays employee { firstName } } }
    trainingEnrollments { nodes { isOverdue course { title } } } } } }`;
  const { result, statements } = await gateway.countingBoth(team.lead.client, (client) => client.ok(query));
  expect(statements.compiler).toBe(1);
  expect(result.employees.nodes.map((node: Data) => [node.firstName, node.manager?.firstName ?? null])).toEqual([
    ['Lead', null],
    ['Worker', 'Lead'],
  ]);
});

test('whoever moves below another manager is seen by the new line and no longer by the old', async () => {
  const [north, south] = [await colleague(gateway, org, 'North'), await colleague(gateway, org, 'South')];
  const middle = await colleague(gateway, org, 'Middle', north.id);
  const low = await colleague(gateway, org, 'Low', middle.id);
  const leave = await make(low.client, 'LeaveRequest', { startsOn: '2026-05-04', endsOn: '2026-05-05' });
  const sees = async (client: Client): Promise<readonly boolean[]> => {
    const data = await client.ok(`{ employee(id: "${low.id}") { id } leaveRequest(id: "${leave}") { id } }`);
    return [data.employee !== null, data.leaveRequest !== null];
  };
  expect([await sees(north.client), await sees(south.client)]).toEqual([
    [true, true],
    [false, false],
  ]);
  const before = await org.admin.ok(`{ employee(id: "${low.id}") { version } }`);

  await write(org.admin, 'employeeUpdate', { id: middle.id, managerId: south.id });
  expect([await sees(north.client), await sees(south.client)]).toEqual([
    [false, false],
    [true, true],
  ]);
  expect(await org.admin.ok(`{ employee(id: "${low.id}") { version } }`)).toEqual(before);

  await write(org.admin, 'employeeUpdate', { id: middle.id, managerId: null });
  expect([await sees(south.client), await sees(middle.client)]).toEqual([
    [false, false],
    [true, true],
  ]);
  await write(org.admin, 'employeeUpdate', { id: middle.id, status: 'TERMINATED' });
  expect([await sees(middle.client), await sees(low.client)]).toEqual([
    [false, false],
    [true, true],
  ]);
  await write(org.admin, 'employeeUpdate', { id: low.id, userId: null });
  expect(await sees(low.client)).toEqual([false, false]);
});

test('nobody is above themselves, not even by two changes at the same moment', async () => {
  const refused = (message = 'Nobody is above themselves: that manager is the employee, or below.') => [
    { code: 'BAD_USER_INPUT', message, path: ['managerId'], currentVersion: null },
  ];
  const { boss, worker } = team;
  for (const managerId of [boss.id, worker.id])
    expect(await refusal(org.admin, 'employeeUpdate', { id: boss.id, managerId })).toEqual(refused());
  const pair = await Promise.all(['One', 'Two'].map((name) => colleague(gateway, org, name)));
  const [one, two] = pair.map(({ id }) => id);
  const document = 'mutation ($input: EmployeeUpdateInput!) { employeeUpdate(input: $input) { userErrors { code } } }';
  const inputs = [
    { id: one, managerId: two },
    { id: two, managerId: one },
  ];
  const answers = await Promise.all(inputs.map((input) => org.admin.run(document, { input })));
  expect(answers.map(({ data }) => data.employeeUpdate.userErrors.length).sort()).toEqual([0, 1]);
});

test('a row that is made while its employee moves is seen by the new line alone', async () => {
  const [from, to] = [await colleague(gateway, org, 'From'), await colleague(gateway, org, 'To')];
  for (let round = 0; round < 4; round++) {
    const moved = await colleague(gateway, org, `Moved${round}`, from.id);
    const [leave] = await Promise.all([
      make(moved.client, 'LeaveRequest', { startsOn: '2026-06-01', endsOn: '2026-06-02' }),
      write(org.admin, 'employeeUpdate', { id: moved.id, managerId: to.id }),
    ]);
    const look = `{ leaveRequest(id: "${leave}") { id } }`;
    expect((await from.client.ok(look)).leaveRequest).toBeNull();
    expect((await to.client.ok(look)).leaveRequest).toEqual({ id: leave });
  }
});

test('the records of employees are kept by admins', async () => {
  const need = 'This needs the permission people:destroy (role ADMIN or above).';
  const { worker, lead } = team;
  expect(await failure(worker.client, 'employeeUpdate', { id: worker.id, title: 'King' })).toEqual(['FORBIDDEN', need]);
  expect(await failure(lead.client, 'employeeCreate', { firstName: 'A', lastName: 'B' })).toEqual(['FORBIDDEN', need]);
});

test('numbers and members are those of one live employee', async () => {
  const input = { firstName: 'Ada', lastName: 'B', employeeNumber: 'E-1' };
  const first = await make(org.admin, 'Employee', input);
  const taken = conflict('That employeeNumber is taken already.', 'employeeNumber', null);
  expect(await refusal(org.admin, 'employeeCreate', input)).toEqual(taken);
  await write(org.admin, 'employeeDelete', { id: first });
  await make(org.admin, 'Employee', input);
  expect(await refusal(org.admin, 'employeeRestore', { id: first })).toEqual(taken);
  const { userId } = team.boss;
  const twice = conflict('Another employee is this member already.', 'userId', null);
  expect(await refusal(org.admin, 'employeeCreate', { firstName: 'C', lastName: 'D', userId })).toEqual(twice);
});
