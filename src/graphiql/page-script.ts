/**
 * The script of the GraphiQL page, as the browser gets it. It opens the first examples once and what the reader made of them
 * from then on, and the other examples when they are chosen. The headers are always those of the person and organization
 * chosen in the bar, and are never stored.
 */
export const pageScript = `'use strict';
const { endpoint, headers, examples, opening } = JSON.parse(document.getElementById('settings').textContent);
const tabs = opening.map((name) => examples.find(({ title }) => title === name));
const tabsKey = 'graphiql:tabState';
const savedTabs = () => JSON.parse(localStorage.getItem(tabsKey));

// GraphiQL saves its tabs until the page goes, and reads them when it starts.
const startAgain = (change) => {
  addEventListener('pagehide', change);
  location.reload();
};

document.getElementById('reopen').addEventListener('click', () => startAgain(() => localStorage.removeItem(tabsKey)));

// An example that is open already is shown, whatever was made of it.
document.getElementById('examples').addEventListener('change', ({ target }) => startAgain(() => {
  const example = examples.find(({ title }) => title === target.value);
  const { tabs } = savedTabs();
  const open = tabs.findIndex(({ operationName, title }) => (operationName ?? title) === example.title);
  const added = { id: example.title + Date.now(), headers: null, operationName: example.title, response: null, ...example };
  localStorage.setItem(tabsKey, JSON.stringify(open < 0
    ? { tabs: [...tabs, added], activeTabIndex: tabs.length }
    : { tabs, activeTabIndex: open }));
}));

const worker = (name) => '/graphiql/' + name + '.js';
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => worker({ json: 'json-worker', graphql: 'graphql-worker' }[label] ?? 'editor-worker'),
};

// What GraphiQL keeps in the browser, without the headers: a token there would outlive its day.
const rewritten = (text, headers) => JSON.stringify(JSON.parse(text), (key, value) => (key === 'headers' ? headers : value));
const keepsHeaders = (key) => [tabsKey, 'graphiql:queries', 'graphiql:favorites'].includes(key);
const storage = {
  get length() { return localStorage.length; },
  key: (index) => localStorage.key(index),
  clear: () => localStorage.clear(),
  removeItem: (key) => localStorage.removeItem(key),
  getItem: (key) => {
    const text = localStorage.getItem(key);
    return text && keepsHeaders(key) ? rewritten(text, headers) : text;
  },
  setItem: (key, text) => {
    if (key !== 'graphiql:headers') localStorage.setItem(key, text && keepsHeaders(key) ? rewritten(text, null) : text);
  },
};

const send = async (body, extraHeaders) => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...extraHeaders },
    body: JSON.stringify(body),
  });
  return response.json();
};

// GraphiQL opens one more tab unless it is told what the active one holds.
const saved = savedTabs();
const active = saved?.tabs[saved.activeTabIndex] ?? tabs[0];

YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
  title: 'GraphiQL',
  logo: ' ',
  storage,
  fetcher: (body, options) => send(body, options?.headers),
  defaultTabs: tabs.map(({ query, variables }) => ({ query, variables, headers })),
  headers,
  initialQuery: active.query ?? '',
  initialVariables: active.variables ?? '',
  initialHeaders: headers,
  showPersistHeadersSettings: false,
  onEditQuery: () => {},
});

const switches = document.getElementById('switches');
if (switches) {
  const org = switches.elements.org;
  switches.elements.as.addEventListener('change', () => {
    org.disabled = true;
    switches.requestSubmit();
  });
  org.addEventListener('change', () => switches.requestSubmit());
  offerOrganizations(org);
}

async function offerOrganizations(select) {
  const { Authorization } = JSON.parse(headers);
  const { data } = await send({ query: '{ viewer { memberships { role organization { slug name } } } }' }, { Authorization });
  const current = select.value;
  const options = (data?.viewer.memberships ?? []).map(({ role, organization: { slug, name } }) =>
    new Option(name + ' (' + slug + '), as ' + role.toLowerCase(), slug, slug === current, slug === current));
  if (!options.some((option) => option.selected)) options.unshift(new Option(current + ', not a member', current, true, true));
  select.replaceChildren(...options);
}
`;
