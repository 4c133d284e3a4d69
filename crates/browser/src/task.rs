//! The one place that starts asynchronous work.

/// Runs a future to its end on the browser's event loop; it cannot be called off, so it holds weak handles only.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    #[expect(clippy::disallowed_methods, reason = "this is the place the others are sent to")]
    wasm_bindgen_futures::spawn_local(future);
}
