import { searchField } from '../../graphql/search-field.ts';
import { clientText, documentText, knowledgeText } from './embedded.ts';

searchField('searchDocuments', 'Document', {
  permission: 'knowledge:read',
  description: 'The documents whose title and text come nearest in meaning.',
  dimensions: documentText.dimensions,
});

searchField('searchClientIntelligence', 'ClientIntelligence', {
  permission: 'knowledge:read',
  description: 'What is known of clients: the entries whose name and summary come nearest in meaning.',
  dimensions: clientText.dimensions,
});

searchField('searchOrgBrain', 'OrgBrainEntry', {
  permission: 'knowledge:read',
  description: 'What the organization knows: the pieces whose text comes nearest in meaning.',
  dimensions: knowledgeText.dimensions,
});
