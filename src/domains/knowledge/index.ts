import './client-intelligence.ts';
import './document.ts';
import './org-brain-entry.ts';
import './search.ts';
