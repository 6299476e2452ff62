import './agent.ts';
import './agent-run.ts';
import './ai-cache.ts';
import './ai-run-log.ts';
import './analytics-event.ts';
import './prospect-intelligence.ts';
