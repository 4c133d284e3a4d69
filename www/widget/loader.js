// The one script a site carries: it waits until the page is idle, draws the launcher, keeps the site's calls and
// fetches the bridge when the chat is wanted. The server puts the public settings where the placeholder stands.
// The loader of a version has none there, so that a page can pin it by its hash: it fetches them.
import { begin } from "./loader/begin.js";

begin(/** @type {any} */ ("__TANDEM_SETTINGS__"), /** @type {HTMLScriptElement | null} */ (document.currentScript));
