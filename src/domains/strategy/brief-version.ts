import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('BriefVersion', {
  permission: 'delivery:read',
  filter: { columns: ['briefId', 'versionNumber', 'content', 'authorId'], relations: ['brief', 'author'] },
  orderBy: { columns: ['versionNumber'], relations: ['brief', 'author'] },
});

builder.prismaObject('BriefVersion', {
  description: 'One version of a brief. It stays as it was published.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    versionNumber: t.exposeInt('versionNumber'),
    content: t.expose('content', { type: 'JSON' }),
    brief: t.relation('brief'),
    author: t.relation('author', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  briefVersion: byId(t, 'BriefVersion', 'One version of a brief.'),
  briefVersions: list(t, 'BriefVersion', 'The versions of all briefs.'),
}));
