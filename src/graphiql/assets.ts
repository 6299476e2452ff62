/**
 * The files of the GraphiQL page: those of the installed package, which brings scripts, styles, fonts and workers in one
 * piece, and our own. They are loaded at the first request for the page, not at the start.
 */
import { createHash } from 'node:crypto';
import { pageScript } from './page-script.ts';
import { pageIcon, pageStyle } from './page-style.ts';

export interface Asset {
  readonly type: string;
  readonly text: string;
  /** Changes with the text, so that a browser's copy is used as long as it is the same. */
  readonly etag: string;
}

const asset = (type: string, text: string): Asset => ({
  type: `${type}; charset=utf-8`,
  text,
  etag: `"${createHash('sha256').update(text).digest('base64url')}"`,
});
const script = (text: string): Asset => asset('text/javascript', text);

async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const { css, editorWorkerService, graphqlWorker, js, jsonWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  return new Map([
    ['graphiql.js', script(js)],
    ['graphiql.css', asset('text/css', css)],
    ['editor-worker.js', script(editorWorkerService)],
    ['graphql-worker.js', script(graphqlWorker)],
    ['json-worker.js', script(jsonWorker)],
    ['page.js', script(pageScript)],
    ['page.css', asset('text/css', pageStyle)],
    ['icon.svg', asset('image/svg+xml', pageIcon)],
  ]);
}

let loading: Promise<ReadonlyMap<string, Asset>> | undefined;

/** Finds a file of the page by its name. */
export async function findAsset(name: string): Promise<Asset | undefined> {
  loading ??= loadAssets();
  return (await loading).get(name);
}
