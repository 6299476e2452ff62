/**
 * The page around GraphiQL: a bar that says who is signed in and where, and the settings that `page-script.ts` starts
 * GraphiQL with. Nothing in it comes from another address, and no script stands in the page itself.
 */
import type { DemoToken } from '../demo.ts';
import type { Example } from './examples/example.ts';
import { areas, examples, opening } from './examples/index.ts';

/** What a page shows. */
export interface PageOptions {
  readonly endpoint: string;
  /** Who can be chosen; nobody where tokens are not handed out. */
  readonly people: readonly DemoToken[];
  /** The e-mail address of the person chosen. */
  readonly as: string | null;
  /** The organization chosen. */
  readonly org: string | null;
}

interface Tab {
  readonly title: string;
  readonly query: string;
  readonly variables: string;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

/** JSON that cannot end the element it stands in. */
const inlineJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

const toTab = ({ name, query, variables }: Example): Tab => ({
  title: name,
  query,
  variables: variables ? pretty(variables) : '',
});

const option = (value: string, label: string, selected: boolean): string =>
  `<option value="${escapeHtml(value)}"${selected ? ' selected' : ''}>${escapeHtml(label)}</option>`;

const personOption = (person: DemoToken, selected: boolean): string =>
  option(person.email, `${person.name}, ${person.role} of ${person.org} (${person.email})`, selected);

/** The rest of the organizations come from the API, which knows where the person is a member. */
const switches = (people: readonly DemoToken[], chosen: DemoToken, org: string): string => `
      <form id="switches" method="get">
        <label>Signed in as
          <select name="as">${people.map((person) => personOption(person, person === chosen)).join('')}</select>
        </label>
        <label>Organization
          <select name="org">${option(org, org, true)}</select>
        </label>
      </form>`;

/** Every example, area by area. */
const choice = `
      <label>Example
        <select id="examples" autocomplete="off"><option value="" selected disabled>Open another one…</option>${areas
          .map(
            ({ name, examples }) =>
              `<optgroup label="${escapeHtml(name)}">${examples.map((example) => option(example.name, example.name, false)).join('')}</optgroup>`,
          )
          .join('')}</select>
      </label>`;

const pasteToken = `
      <p>Nobody is signed in. Put a token into <strong>Headers</strong> below, and the organization's slug or id into <code>X-Org</code>.</p>`;

/** The HTML of a page. Whoever is not among the people is the first of them, in their own organization. */
export function renderPage({ endpoint, people, as, org: wantedOrg }: PageOptions): string {
  const chosen = people.find(({ email }) => email === as) ?? people[0];
  const org = wantedOrg ?? chosen?.org ?? '';
  const headers = pretty({ Authorization: `Bearer ${chosen?.token ?? ''}`, 'X-Org': org });
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>GraphiQL${org ? ` (${escapeHtml(org)})` : ''}</title>
    <link rel="icon" href="/graphiql/icon.svg">
    <link rel="stylesheet" href="/graphiql/graphiql.css">
    <link rel="stylesheet" href="/graphiql/page.css">
  </head>
  <body>
    <header id="bar">${chosen ? switches(people, chosen, org) : pasteToken}${choice}
      <button id="reopen" type="button" title="Close all tabs and open the first examples as they came">Start over</button>
    </header>
    <main id="root"><noscript>GraphiQL needs JavaScript.</noscript></main>
    <script type="application/json" id="settings">${inlineJson({ endpoint, headers, examples: examples.map(toTab), opening })}</script>
    <script src="/graphiql/graphiql.js"></script>
    <script src="/graphiql/page.js"></script>
  </body>
</html>
`;
}
