// The shapes that loader and bridge share; types only, nothing of this file is shipped.

/**
 * What is read here of the public settings; the frame gets them whole.
 * @typedef {object} Settings
 * @property {string} touchpoint_id
 * @property {string} state
 * @property {string} hash
 * @property {object[]} rules
 * @property {{ color: string, position: string, title: string, launcher_label: string, z_index: number }} settings
 */

/**
 * What the launcher shows of the chat's state.
 * @typedef {{ isOpen: boolean, isBusy: boolean, isBanner: boolean, isShown: boolean, unread: number }} State
 */

/**
 * What the loader hands to the bridge.
 * @typedef {object} Loader
 * @property {string} origin of Tandem
 * @property {Settings} settings
 * @property {string | undefined} locale as the tag names it
 * @property {boolean} mayStore
 * @property {"show" | "hide"} [override] as the site asked for it
 * @property {State} state
 * @property {ReturnType<typeof import("./host.js").drawHost>} host
 * @property {(isShown: boolean) => void} show
 * @property {(name: string, detail?: any) => void} emit
 * @property {(line: string) => void} report
 */

/**
 * What both ends of the channel say; `type` tells which of the fields are there.
 * @typedef {{ type: string, [field: string]: any }} Message
 */

/**
 * One of the page's `Tandem` calls.
 * @typedef {(...values: any[]) => any} Call
 */

export {};
