// A customer's site on an origin of its own: pages given as text or by a function, with chosen headers.
import { createServer } from 'node:http';

/** The tag as a customer pastes it. */
export function scriptTag(origin, touchpoint = 'tp_demo', attributes = '') {
  return `<script async src="${origin}/w/${touchpoint}.js"${attributes}></script>`;
}

/** A small complete page with the given markup in its body. */
export function page(body, title = 'A page') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>`;
}

/**
 * Serves `answer(path, request)`, which gives `{ status, headers, body }` or nothing for 404.
 * The result has an `origin` and must be closed.
 */
export async function startSite(answer) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://site').pathname;
    const { status = 200, headers = {}, body = '' } = (await answer(path, request)) ?? { status: 404, body: 'not found' };
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(body);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Serves one page at `/` and at every other path, so that links within the site work. */
export function startPage(html, headers = {}) {
  return startSite((path) => (path === '/favicon.ico' ? { status: 204 } : { headers, body: html }));
}
