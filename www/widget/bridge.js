// The page's side of the chat, fetched with the frame: it opens the frame, carries what both say to each other,
// keeps what the frame wants kept, and follows the page. The loader gives it launcher, settings and events.
export { build } from "./bridge/build.js";
