// Everything that came over the wire to one page: answers, and frames of sockets.

/** Collects from now on what the page receives; `text()` gives all of it. */
export function listenToWire(page) {
  const pieces = [];
  const waiting = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => pieces.push(payload.toString('utf8')));
  });
  page.on('response', (response) => {
    // An answer that is never ended, such as an event stream, has no body to wait for.
    const isStream = response.headers()['content-type']?.includes('event-stream');
    if (!isStream) waiting.push(response.text().then((text) => pieces.push(text), () => undefined));
  });
  return {
    async text() {
      await Promise.all(waiting);
      return pieces.join('\n');
    },
  };
}
