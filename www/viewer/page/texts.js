//! What the viewer's page says.

/** @type {Record<'connecting' | 'live' | 'paused' | 'ended', string>} */
export const NOTICES = {
  connecting: 'Connecting to the shared page …',
  live: '',
  paused: 'The visitor is looking at another tab or window.',
  ended: 'The sharing has ended.',
};

export const HELD = 'The visitor has paused the sharing.';

/** Why an action was not carried out. @type {Record<string, string | undefined>} */
export const OUTCOMES = {
  gone: 'That is no longer on the page.',
  hidden: 'That is out of sight on the visitor’s page.',
  covered: 'Something lies over that.',
  masked: 'That is masked: only the visitor can do this.',
  forbidden: 'Only the visitor can do this. Highlight it for them instead.',
  not_granted: 'The visitor has not allowed this.',
  visitor_active: 'The visitor is doing something. Try again in a moment.',
  native: 'Only the browser’s own picker can do this. Highlight it for the visitor.',
  not_editable: 'Nothing can be typed there.',
};

export const CHOOSE = 'Choose for the visitor';
