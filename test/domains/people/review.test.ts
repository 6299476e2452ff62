import { beforeAll, describe, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, write } from '../../support/write.ts';
import { forbiddenBy, makeTeam, type Team, unknown } from './team.ts';

let gateway: Gateway;
let org: Org;
let team: Team;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  team = await makeTeam(gateway, org);
});

const draft = (input: object = {}): Promise<string> =>
  make(team.lead.client, 'PerformanceReview', { employeeId: team.worker.id, rating: 4, period: '2026-H1', ...input });

describe('reviews', () => {
  test('are written by a manager, shown once submitted, and read by the person', async () => {
    const { worker, lead, boss } = team;
    const id = await draft({ strengths: 'Careful' });
    await write(lead.client, 'performanceReviewUpdate', { id, improvements: 'Speed' });
    expect(await refusal(worker.client, 'performanceReviewAcknowledge', { id })).toEqual(unknown('PerformanceReview'));
    const fields = 'status rating submittedAt reviewer { id } employee { firstName }';
    const submitted = await write(lead.client, 'performanceReviewSubmit', { id }, fields);
    expect(submitted).toMatchObject({ status: 'SUBMITTED', rating: 4, submittedAt: expect.any(String) });
    expect(submitted).toMatchObject({ employee: { firstName: 'Worker' } });
    const shown = await worker.client.ok(
      `{ performanceReview(id: "${id}") { improvements reviewer { displayName } } }`,
    );
    expect(shown.performanceReview).toEqual({ improvements: 'Speed', reviewer: { displayName: 'Lead' } });
    const byPerson = forbiddenBy('A review is acknowledged by the person whom it is about.', 'id');
    for (const client of [lead.client, boss.client, org.admin])
      expect(await refusal(client, 'performanceReviewAcknowledge', { id })).toEqual(byPerson);
    const acknowledged = await write(worker.client, 'performanceReviewAcknowledge', { id }, 'status');
    expect(acknowledged).toEqual({ status: 'ACKNOWLEDGED' });
  });

  test('stay as they are once submitted, whoever writes', async () => {
    const id = await draft();
    await write(team.lead.client, 'performanceReviewSubmit', { id });
    for (const [verb, participle, more] of [
      ['Update', 'changed', { rating: 1 }],
      ['Submit', 'submitted', {}],
      ['Delete', 'removed', {}],
    ] as const) {
      const message = `This performance review is submitted; only one that is draft can be ${participle}.`;
      for (const client of [team.lead.client, org.owner])
        expect(await refusal(client, `performanceReview${verb}`, { id, ...more })).toEqual(conflict(message, 'id', 2));
    }
    const sql = (set: string) => gateway.sql(`update performance_reviews set ${set} where status = 'submitted'`);
    await expect(sql('rating = 1')).rejects.toThrow('refused: locked');
    await expect(sql("status = 'draft'")).rejects.toThrow('refused: locked');
  });

  test('need a rating from 1 to 5 before they are submitted', async () => {
    const id = await draft({ rating: null });
    const bare = conflict('This review has no rating yet.', 'id', null);
    expect(await refusal(team.lead.client, 'performanceReviewSubmit', { id })).toEqual(bare);
    for (const rating of [0, 6]) {
      expect(await refusal(team.lead.client, 'performanceReviewUpdate', { id, rating })).toEqual([
        {
          code: 'BAD_USER_INPUT',
          message: 'The value of rating is not allowed.',
          path: ['rating'],
          currentVersion: null,
        },
      ]);
    }
    await write(team.lead.client, 'performanceReviewDelete', { id });
  });

  test('are nothing that members write of themselves, of colleagues or of those above', async () => {
    const { worker, lead, outsider } = team;
    const self = [
      { code: 'BAD_USER_INPUT', message: 'Nobody reviews themselves.', path: ['employeeId'], currentVersion: null },
    ];
    expect(await refusal(worker.client, 'performanceReviewCreate', { employeeId: worker.id })).toEqual(self);
    const missing = [{ ...unknown('employee')[0], path: ['employeeId'] }];
    for (const employeeId of [lead.id, outsider.id])
      expect(await refusal(worker.client, 'performanceReviewCreate', { employeeId })).toEqual(missing);
    const another = { employeeId: worker.id, reviewerId: outsider.userId };
    expect(await refusal(lead.client, 'performanceReviewCreate', another)).toEqual(
      forbiddenBy('Only admins name another reviewer.', 'reviewerId'),
    );
  });

  test('may be asked by admins of somebody else, who sees the review and whom it is about, and no more', async () => {
    const { worker, outsider, boss } = team;
    await make(worker.client, 'LeaveRequest', { startsOn: '2026-03-02', endsOn: '2026-03-06' });
    const input = { employeeId: worker.id, reviewerId: outsider.userId };
    const id = await make(org.admin, 'PerformanceReview', input);
    const look = `{ performanceReviews { totalCount nodes { employee { firstName leaveRequests { totalCount } } } } }`;
    expect((await outsider.client.ok(look)).performanceReviews).toEqual({
      totalCount: 1,
      nodes: [{ employee: { firstName: 'Worker', leaveRequests: { totalCount: 0 } } }],
    });
    await write(outsider.client, 'performanceReviewUpdate', { id, rating: 3 });
    const only = forbiddenBy('Only the reviewer and admins do this.', 'id', 2);
    expect(await refusal(boss.client, 'performanceReviewUpdate', { id, rating: 5 })).toEqual(only);
    expect(await refusal(outsider.client, 'performanceReviewCreate', { employeeId: worker.id })).toEqual(
      forbiddenBy('Reviews are written by managers and admins.', 'employeeId'),
    );
    await write(outsider.client, 'performanceReviewDelete', { id });
    expect((await outsider.client.ok(`{ employee(id: "${worker.id}") { id } }`)).employee).toBeNull();
  });
});

describe('training', () => {
  const fields = 'id status dueOn isOverdue completedAt score version';
  const move = (verb: string, input: object, client = team.worker.client): Promise<Data> =>
    write(client, `trainingEnrollment${verb}`, input, fields);
  const course = (title: string) => make(org.admin, 'TrainingCourse', { title, isMandatory: true });
  const enroll = async (title: string, more: object = {}): Promise<string> =>
    make(team.lead.client, 'TrainingEnrollment', {
      courseId: await course(title),
      employeeId: team.worker.id,
      ...more,
    });

  test('is begun and finished by the person, with a score from 0 to 100', async () => {
    const id = await enroll('First aid');
    expect(await move('Start', { id })).toMatchObject({ status: 'IN_PROGRESS', completedAt: null });
    expect(await refusal(team.worker.client, 'trainingEnrollmentComplete', { id, score: 101 })).toEqual([
      { code: 'BAD_USER_INPUT', message: 'The value of score is not allowed.', path: ['score'], currentVersion: null },
    ]);
    const done = await move('Complete', { id, score: 100 });
    expect(done).toMatchObject({ status: 'COMPLETED', score: 100, completedAt: expect.any(String), isOverdue: false });
    for (const [verb, wanted, participle] of [
      ['Start', 'assigned', 'started'],
      ['Complete', 'assigned or in progress', 'completed'],
      ['Expire', 'assigned or in progress', 'closed'],
    ]) {
      const message = `This training enrollment is completed; only one that is ${wanted} can be ${participle}.`;
      expect(await refusal(team.lead.client, `trainingEnrollment${verb}`, { id })).toEqual(conflict(message, 'id', 3));
    }
  });

  test('is assigned, postponed, closed and removed by managers', async () => {
    const { worker, lead, outsider } = team;
    const managers = 'Only managers and admins do this.';
    const id = await enroll('Privacy', { dueOn: '2026-01-31' });
    for (const [verb, more] of [
      ['Update', { dueOn: null }],
      ['Expire', {}],
      ['Delete', {}],
    ] as const) {
      expect(await refusal(worker.client, `trainingEnrollment${verb}`, { id, ...more })).toEqual(
        forbiddenBy(managers, 'id', 1),
      );
      expect(await refusal(outsider.client, `trainingEnrollment${verb}`, { id, ...more })).toEqual(
        unknown('TrainingEnrollment'),
      );
    }
    expect(await move('Expire', { id }, lead.client)).toMatchObject({ status: 'EXPIRED', isOverdue: false });
    await write(lead.client, 'trainingEnrollmentDelete', { id });
    const own = { courseId: await course('Own'), employeeId: worker.id };
    expect(await refusal(worker.client, 'trainingEnrollmentCreate', own)).toEqual(
      forbiddenBy('Employees are enrolled by managers and admins.', 'employeeId'),
    );
  });

  test('is overdue from the day after it was due until it is finished', async () => {
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const [late, due, open] = [
      await enroll('A', { dueOn: day(1) }),
      await enroll('B', { dueOn: day(0) }),
      await enroll('C'),
    ];
    const query = `{ trainingEnrollments(filter: { isOverdue: true }) { nodes { id isOverdue } } }`;
    const { result } = await gateway.countingBoth(team.worker.client, (client) => client.ok(query));
    expect(result.trainingEnrollments.nodes).toEqual([{ id: late, isOverdue: true }]);
    for (const id of [due, open]) expect(await move('Start', { id })).toMatchObject({ isOverdue: false });
    expect(await move('Start', { id: late })).toMatchObject({ isOverdue: true });
    expect(await move('Complete', { id: late })).toMatchObject({ isOverdue: false });
  });

  test('is given to all active employees at once, to none of them twice', async () => {
    const id = await course('Fire drill');
    await make(team.lead.client, 'TrainingEnrollment', { courseId: id, employeeId: team.worker.id });
    await make(org.admin, 'Employee', { firstName: 'Gone', lastName: 'X', status: 'TERMINATED' });
    const document = `mutation ($input: TrainingCourseAssignAllInput!) {
      trainingCourseAssignAll(input: $input) { trainingEnrollmentCount userErrors { message }
        trainingCourse { trainingEnrollments { totalCount } } } }`;
    const assign = async () =>
      (await org.admin.ok(document, { input: { id, dueOn: '2026-12-31' } })).trainingCourseAssignAll;
    const answers = await Promise.all([assign(), assign()]);
    expect(answers.map(({ trainingEnrollmentCount }) => trainingEnrollmentCount).sort()).toEqual([0, 3]);
    expect((await assign()).trainingCourse.trainingEnrollments.totalCount).toBe(4);
    expect(await refusal(org.admin, 'trainingEnrollmentCreate', { courseId: id, employeeId: team.worker.id })).toEqual(
      conflict('This employee is enrolled in this course already.', 'employeeId', null),
    );
    expect(await failure(team.boss.client, 'trainingCourseAssignAll', { id })).toEqual([
      'FORBIDDEN',
      'This needs the permission people:destroy (role ADMIN or above).',
    ]);
  });
});
