/** Everybody who works here, with reviews, days off and courses of a year. */
import { insertRows, type Row } from './insert.ts';
import { type DemoPerson, formerPeople, peopleOf } from './people.ts';
import { courses, departments, improvements, reasons, type Staff, staffOf, strengths } from './phrases/people.ts';
import { at } from './random.ts';
import { type Scene, slugOf } from './scene.ts';

interface Employee {
  readonly id: string;
  readonly name: string;
  /** What others name as the one above: the mailbox of those who sign in, the name of all others. */
  readonly key: string;
  readonly under: string | null;
  readonly userId: string | null;
  readonly email: string;
  readonly title: string;
  readonly department: string;
  readonly type: string;
  readonly status: string;
  /** Days since the first day at work, and since the last. */
  readonly hired: number;
  readonly left: number | null;
}

const mailboxOf = ({ email }: DemoPerson): string => email.slice(0, email.indexOf('@'));

function planEmployees(scene: Scene): Employee[] {
  const { slug } = scene.org;
  const random = scene.random('employees');
  const signIn = [...peopleOf(slug), ...formerPeople.filter(({ org }) => org === slug)];
  const known = signIn.map((person) => {
    const key = mailboxOf(person);
    const place = departments[key] ?? { department: 'Office', under: 'owner' };
    const status = key === 'former' ? 'terminated' : 'active';
    return { ...person, ...place, key, userId: person.uuid, type: 'full_time', status };
  });
  const others = staffOf[slug].map(({ type = 'full_time', status = 'active', ...staff }: Staff) => {
    const email = `${slugOf(staff.name).replaceAll('-', '.')}@${slug}.example`;
    return { ...staff, key: staff.name, userId: null, email, type, status };
  });
  return [...known, ...others].map(({ name, key, under, userId, email, title, department, type, status }, index) => ({
    ...{ id: scene.id('employees', index), name, key, under, userId, email, title, department, type, status },
    hired: 2_400 - index * 70 + random.int(0, 60),
    left: status === 'terminated' ? 40 + index * 3 : null,
  }));
}

/** The one above a person; with everybody above that one, if wanted. */
const managerOf = (all: readonly Employee[], { under }: Employee): Employee | undefined =>
  all.find(({ key }) => key === under);

/** The next one above who can sign in, and so can decide and review. */
function deciderOf(all: readonly Employee[], employee: Employee): Employee | undefined {
  const manager = managerOf(all, employee);
  return manager && manager.userId === null ? deciderOf(all, manager) : manager;
}

function employeeRows({ org, calendar }: Scene, all: readonly Employee[]): Row[] {
  return all.map((employee, index) => {
    const [first = '', ...rest] = employee.name.split(' ');
    return {
      org_id: org.id,
      id: employee.id,
      user_id: employee.userId,
      employee_number: `${org.slug.charAt(0).toUpperCase()}-${1001 + index}`,
      first_name: first,
      last_name: rest.join(' '),
      email: employee.email,
      title: employee.title,
      department: employee.department,
      manager_id: managerOf(all, employee)?.id ?? null,
      employment_type: employee.type,
      status: employee.status,
      hired_on: calendar.date(-employee.hired),
      terminated_on: employee.left === null ? null : calendar.date(-employee.left),
      created_at: calendar.workday(Math.min(employee.hired, 390), 30 + index),
    };
  });
}

/** Last half year's reviews are read, this one's are at every stage. */
function reviewRows(scene: Scene, all: readonly Employee[]): Row[] {
  const random = scene.random('performance_reviews');
  const reviewed = all.filter((employee) => employee.status !== 'terminated' && deciderOf(all, employee));
  return [200, 15].flatMap((daysAgo, round) =>
    reviewed.map((employee, index) => {
      const number = round * reviewed.length + index;
      const status = round === 0 ? 'acknowledged' : at(['submitted', 'draft', 'acknowledged', 'draft'], index);
      const written = daysAgo + random.int(0, 12);
      const period = new Date(scene.calendar.ago(daysAgo + 150));
      return {
        org_id: scene.org.id,
        id: scene.id('performance_reviews', number),
        employee_id: employee.id,
        reviewer_id: deciderOf(all, employee)?.userId ?? null,
        period: `${period.getUTCFullYear()}-H${period.getUTCMonth() < 6 ? 1 : 2}`,
        rating: status === 'draft' && index % 3 === 0 ? null : at([4, 3, 5, 4, 4, 2, 3, 5], number),
        strengths: at(strengths, number),
        improvements: status === 'draft' && index % 2 === 1 ? null : at(improvements, number * 5),
        status,
        submitted_at: status === 'draft' ? null : scene.calendar.workday(written - 2, 240),
        created_at: scene.calendar.workday(written, 200),
      };
    }),
  );
}

type LeaveType = keyof typeof reasons;

interface Leave {
  readonly type: LeaveType;
  readonly status: 'pending' | 'approved' | 'rejected' | 'canceled';
  /** Days from now to the first day off. */
  readonly begins: number;
  readonly days: number;
}

/** Far enough apart that the days of one person never overlap. */
const leaves: readonly Leave[] = [
  { type: 'vacation', status: 'approved', begins: -230, days: 12 },
  { type: 'sick', status: 'approved', begins: -120, days: 3 },
  { type: 'vacation', status: 'pending', begins: 24, days: 10 },
  { type: 'other', status: 'rejected', begins: -60, days: 1 },
  { type: 'vacation', status: 'canceled', begins: -30, days: 5 },
  { type: 'unpaid', status: 'pending', begins: 70, days: 20 },
  { type: 'vacation', status: 'approved', begins: 45, days: 15 },
];

const parental: Leave = { type: 'parental', status: 'approved', begins: -40, days: 180 };

function leavesOf(employee: Employee, index: number): readonly Leave[] {
  if (employee.status === 'on_leave') return [at(leaves, 0), parental];
  return [0, 1, 2].map((turn) => at(leaves, index * 3 + turn));
}

function leaveRows(scene: Scene, all: readonly Employee[]): Row[] {
  const random = scene.random('leave_requests');
  const planned = all
    .filter(({ status }) => status !== 'terminated')
    .flatMap((employee, index) => leavesOf(employee, index).map((leave) => ({ employee, leave, shift: index % 9 })));
  return planned.map(({ employee, leave, shift }, number) => {
    const begins = leave.begins + shift;
    const isDecided = leave.status === 'approved' || leave.status === 'rejected';
    const decider = deciderOf(all, employee) ?? employee;
    const asked = leave.type === 'sick' ? -begins : Math.max(3, 21 - begins);
    return {
      org_id: scene.org.id,
      id: scene.id('leave_requests', number),
      employee_id: employee.id,
      type: leave.type,
      starts_on: scene.calendar.date(begins),
      ends_on: scene.calendar.date(begins + leave.days - 1),
      reason: random.pick(reasons[leave.type]),
      status: leave.status,
      decided_by_id: isDecided ? decider.userId : null,
      decided_at: isDecided ? scene.calendar.workday(asked - 1, 90) : null,
      created_at: scene.calendar.workday(asked, 60),
    };
  });
}

function courseRows({ org, id, calendar }: Scene): Row[] {
  return courses.map((course, index) => ({
    ...{ org_id: org.id, id: id('training_courses', index) },
    ...course,
    created_at: calendar.workday(300 - index * 40, 100),
  }));
}

type Progress = 'assigned' | 'in_progress' | 'completed' | 'expired';

const progress: readonly Progress[] = ['completed', 'assigned', 'completed', 'in_progress', 'completed', 'expired'];

/** Mandatory courses are everybody's, the others are for a third. Some that are not finished are overdue. */
function enrollmentRows(scene: Scene, all: readonly Employee[]): Row[] {
  const random = scene.random('training_enrollments');
  const working = all.filter(({ status }) => status !== 'terminated');
  const taken = courses.flatMap((course, number) =>
    working
      .filter((_, index) => course.is_mandatory || (index + number) % 3 === 0)
      .map((employee) => ({ number, employee })),
  );
  return taken.map(({ number, employee }, index) => {
    const status = at(progress, index * 5 + number);
    const isOpen = status === 'assigned' || status === 'in_progress';
    const due = isOpen ? random.int(-20, 60) : -random.int(30, 200);
    const isDone = status === 'completed';
    return {
      org_id: scene.org.id,
      id: scene.id('training_enrollments', index),
      course_id: scene.id('training_courses', number),
      employee_id: employee.id,
      status,
      due_on: index % 8 === 7 ? null : scene.calendar.date(due),
      completed_at: isDone ? scene.calendar.workday(-due + random.int(1, 20), 300) : null,
      score: isDone && number !== 3 ? random.int(62, 100) : null,
      created_at: scene.calendar.workday(Math.max(20, -due + 60), 120),
    };
  });
}

export async function seedEmployees(scene: Scene): Promise<void> {
  const { client } = scene;
  const employees = planEmployees(scene);
  await insertRows(client, 'employees', employeeRows(scene, employees));
  if (scene.org.slug === 'initech') return;
  await insertRows(client, 'performance_reviews', reviewRows(scene, employees));
  await insertRows(client, 'leave_requests', leaveRows(scene, employees));
  await insertRows(client, 'training_courses', courseRows(scene));
  await insertRows(client, 'training_enrollments', enrollmentRows(scene, employees));
}
