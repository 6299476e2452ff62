import { searchField } from '../../graphql/search-field.ts';

searchField('searchInteractions', 'Interaction', {
  permission: 'crm:read',
  description: 'The interactions whose subject and text come nearest in meaning.',
  dimensions: 1536,
});
