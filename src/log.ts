import { type Logger as PinoLogger, pino } from 'pino';
import type { Config } from './config.ts';

export type Logger = PinoLogger;

/** The structured log. Tokens, keys and cookies never reach it. */
export const createLogger = (level: Config['logLevel']): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['authorization', 'token', 'secret', 'password', 'cookie', '*.authorization', '*.token', '*.secret', '*.password', '*.cookie'],
  });
