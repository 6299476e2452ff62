import type { Example } from './example.ts';

export const aiExamples: readonly Example[] = [
  {
    name: 'AgentRuns',
    query: `# Runs that failed or wait for somebody, with the outputs
# of their finished steps. agentRunResume goes on from one.
query AgentRuns($status: [AgentRunStatus!]) {
  agentRuns(first: 5, filter: { status: { in: $status } }) {
    totalCount
    nodes {
      id
      status
      currentStep
      cachedWriterOutput
      error
      agent { name isEnabled }
      proposal { proposalNumber brainStatus }
      aiRunLogs(first: 5) {
        nodes { operation model costMicros latencyMs }
      }
    }
  }
}
`,
    variables: { status: ['FAILED', 'PAUSED'] },
  },
  {
    name: 'RunAnAgent',
    query: `# A run is queued, started, comes to a step, fails, and
# goes on from that step. For a second run give other ids.
mutation RunAnAgent($id: ID!) {
  agentRunCreate(input: { id: $id, input: { topic: "Pricing" } }) {
    userErrors { code message path }
  }
  agentRunStart(input: { id: $id }) {
    userErrors { code message path }
  }
  agentRunStep(
    input: { id: $id, step: "outline", output: { parts: 4 } }
  ) {
    userErrors { code message path }
  }
  agentRunFail(input: { id: $id, error: "No answer." }) {
    userErrors { code message path }
  }
  agentRunResume(input: { id: $id, fromStep: "outline" }) {
    agentRun { status resumeFrom cachedWriterOutput version }
    userErrors { code message path }
  }
}
`,
    variables: { id: '0190f3a1-0000-7000-8000-000000000301' },
  },
  {
    name: 'AiUsage',
    query: `# What language models cost in the last three months, in
# millionths of a US dollar. Group by DAY too for a curve.
query AiUsage($from: DateOrDuration, $groupBy: [AiUsageKey!]) {
  aiUsage(from: $from, groupBy: $groupBy) {
    model
    agentName
    calls
    errors
    inputTokens
    outputTokens
    costMicros
    meanLatencyMs
  }
}
`,
    variables: { from: '-P90D', groupBy: ['MODEL', 'AGENT'] },
  },
];
