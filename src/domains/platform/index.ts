import './audit-log.ts';
import './api-key.ts';
