import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, removeRow, updateRow, type Written } from '../../graphql/rows.ts';
import { demandPlace, findConversation } from './conversation-place.ts';

readable('ConversationParticipant', {
  permission: 'communication:read',
  filter: {
    columns: ['conversationId', 'userId', 'contactId', 'role', 'lastReadAt'],
    relations: ['conversation', 'user', 'contact'],
  },
  orderBy: { columns: ['role', 'lastReadAt'], relations: ['conversation', 'user', 'contact'] },
});
