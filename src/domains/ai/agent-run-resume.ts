/**
 * The outputs of a run's finished steps are kept in their order, so that a run which failed or was paused goes on from a
 * step instead of paying for everything again.
 */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { moveRow } from '../../graphql/status.ts';
import { type CachedStep, type Run, requireMayRun, runIn } from './agent-run-state.ts';

const AgentRunStepInput = builder.inputType('AgentRunStepInput', {
  description: 'A step of a run that is at work.',
  fields: (t) => ({
    ...target(t),
    step: t.string({ required: true, description: 'The name of the step, for example `outline`.' }),
    output: t.field({ type: 'JSON', description: 'What the step put out; leave it out to say that the step begins.' }),
  }),
});

const AgentRunResumeInput = builder.inputType('AgentRunResumeInput', {
  description: 'Which run goes on, and from where.',
  fields: (t) => ({
    ...target(t),
    fromStep: t.string({
      description:
        'The step to begin with again: its output and those of later steps are dropped. Unless given, the run goes on with everything it has.',
    }),
  }),
});

const stepsOf = ({ cachedWriterOutput }: Run): readonly CachedStep[] => cachedWriterOutput?.steps ?? [];

function checkName(step: string): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} _.:-]{0,99}$/u.test(step))
    throw new UserError('BAD_USER_INPUT', 'A step is named with 1 to 100 letters, digits, spaces and _ . : -', [
      'step',
    ]);
}

/** The steps with one more, or with another output of the same step. */
function withOutput(steps: readonly CachedStep[], made: CachedStep): readonly CachedStep[] {
  const known = steps.some(({ step }) => step === made.step);
  return known ? steps.map((cached) => (cached.step === made.step ? made : cached)) : [...steps, made];
}

async function noteStep(input: typeof AgentRunStepInput.$inferInput, context: Context): Promise<Written> {
  const { step } = input;
  checkName(step);
  const run = await runIn(context, input, ['running'], 'moved on');
  const { output } = rowData<Input>('AgentRun', { output: input.output ?? undefined });
  const cached =
    output === undefined ? {} : { cachedWriterOutput: { steps: withOutput(stepsOf(run), { step, output }) } };
  return moveRow(context, 'AgentRun', run, { currentStep: step, ...cached });
}

/** The steps before one of them. The step that a run broke off in has no output, and all others come before it. */
function stepsBefore(run: Run, fromStep: string): readonly CachedStep[] {
  const steps = stepsOf(run);
  const index = steps.findIndex(({ step }) => step === fromStep);
  if (index < 0 && fromStep !== run.currentStep)
    throw new UserError('BAD_USER_INPUT', 'This agent run has not come to that step.', ['fromStep'], run.version);
  return index < 0 ? steps : steps.slice(0, index);
}

async function resume(
  { fromStep, ...input }: typeof AgentRunResumeInput.$inferInput,
  context: Context,
): Promise<Written> {
  const run = await runIn(context, input, ['paused', 'failed'], 'resumed');
  await requireMayRun(context, run);
  const from =
    typeof fromStep === 'string'
      ? { resumeFrom: fromStep, currentStep: fromStep, cachedWriterOutput: { steps: stepsBefore(run, fromStep) } }
      : { resumeFrom: null };
  return moveRow(context, 'AgentRun', run, { ...from, status: 'running', error: null, finishedAt: null });
}

const common = { permission: 'ai:write', returns: 'AgentRun' } as const;

mutation({
  ...common,
  name: 'agentRunStep',
  description: 'Notes that a run which is at work has come to a step, or what the step put out.',
  input: AgentRunStepInput,
  run: noteStep,
});

mutation({
  ...common,
  name: 'agentRunResume',
  description:
    'Takes up a paused or failed run, from a step if one is named. The outputs of earlier steps are kept. Refused while agents are switched off, or its agent is disabled.',
  input: AgentRunResumeInput,
  run: resume,
});
