//! Serves the echo of the chat sockets on a free port and prints its address, for `tests/autobahn`.

use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ws://{}", listener.local_addr()?);
    axum::serve(listener, server::echo::router()).await
}
