/** The style of the bar above GraphiQL and of its tabs. The colors follow the theme chosen in GraphiQL, else the system's. */
export const pageStyle = `:root { color-scheme: light dark; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; }
#root { flex: 1; min-height: 0; }
#root .graphiql-container, #root .graphiql-main { height: 100%; }

#bar {
  --ink: #1c2433; --paper: #f3f5f9; --line: #c3cad9; --field: #fff; --focus: #0b5cd5;
  display: flex; flex-wrap: wrap; align-items: center; gap: 8px 20px; padding: 8px 16px;
  color: var(--ink); background: var(--paper); border-bottom: 1px solid var(--line);
  font: 14px/1.4 system-ui, sans-serif;
}
#bar p { margin: 0; }
#switches { display: flex; flex-wrap: wrap; gap: 8px 20px; margin: 0; }
#bar label { display: flex; align-items: center; gap: 8px; font-weight: 600; }
#bar select, #bar button {
  font: inherit; font-weight: 400; color: inherit; background: var(--field);
  min-height: 30px; max-width: 19rem; padding: 3px 8px; border: 1px solid var(--line); border-radius: 6px; cursor: pointer;
}
#bar select:focus-visible, #bar button:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
#bar [name=org] { max-width: 16rem; }
#reopen { margin-left: auto; }

/* All tabs in sight, in further rows if need be. */
#root .graphiql-session-header { height: auto; }
#root .graphiql-logo { display: none; }
#root .graphiql-tabs { flex-wrap: wrap; gap: 4px; }
#root .graphiql-tab { transform: none !important; }
#root .graphiql-tab, #root .graphiql-tab-button { border-radius: 6px; }
#root .graphiql-tab-button { padding: 4px 24px 4px 8px; font-size: 13px; }
#root .graphiql-tab-active { box-shadow: inset 0 -2px hsl(var(--color-primary)); }

body.graphiql-dark #bar { --ink: #e6eaf2; --paper: #171d29; --line: #465067; --field: #222a3a; --focus: #8ab8ff; color-scheme: dark; }
body.graphiql-light #bar { color-scheme: light; }
@media (prefers-color-scheme: dark) {
  body:not(.graphiql-light) #bar { --ink: #e6eaf2; --paper: #171d29; --line: #465067; --field: #222a3a; --focus: #8ab8ff; }
}
`;

/** The icon of the page. */
export const pageIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="7" fill="#2450b8"/>
  <path d="M8 24V13a8 8 0 0 1 16 0v11M16 10v14M8 17h16" fill="none" stroke="#fff" stroke-width="2.4"/>
</svg>
`;
