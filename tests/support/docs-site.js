// Pages nobody here wrote: the toolchain's HTML documentation, with the script tag added before `</body>`.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { scriptTag, startSite } from './site.js';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Gives the folder of the documentation, or says how to get it. */
export function docsFolder() {
  const candidates = [process.env.TANDEM_RUST_DOCS, ofToolchain(), '/usr/share/doc/rust-doc/html'];
  const found = candidates.find((folder) => folder && existsSync(join(folder, 'std/index.html')));
  if (!found) throw new Error('no Rust documentation: run `rustup component add rust-docs` or install rust-doc');
  return found;
}

/** Serves the documentation with the tag of `tandemOrigin` on every page. */
export function startDocsSite(tandemOrigin, touchpoint = 'tp_demo') {
  const root = docsFolder();
  return startSite(async (path) => {
    const file = join(root, normalize(path.endsWith('/') ? `${path}index.html` : path));
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) return undefined;
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const body = type.startsWith('text/html') ? withTag(bytes.toString('utf8'), tandemOrigin, touchpoint) : bytes;
    return { headers: { 'content-type': type }, body };
  });
}

function withTag(html, origin, touchpoint) {
  const end = html.lastIndexOf('</body>');
  return `${html.slice(0, end)}${scriptTag(origin, touchpoint)}${html.slice(end)}`;
}

function ofToolchain() {
  try {
    return join(execFileSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' }).trim(), 'share/doc/rust/html');
  } catch {
    return undefined;
  }
}
