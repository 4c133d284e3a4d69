//! The proxy between two plain ends.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::{Plan, Tally, Trouble, Weather, tunnel};
use crate::random::Random;

/// Sends 1,000 bytes through a tunnel and returns what came out at the other end, and whether that end was told
/// that nothing more comes.
async fn through(plan: Plan, weather: Weather) -> (usize, bool) {
    let (inner, outer) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let mut client = TcpStream::connect(outer.local_addr().unwrap()).await.unwrap();
    let (accepted, _) = outer.accept().await.unwrap();
    let (_sender, receiver) = watch::channel(weather);
    let server = inner.local_addr().unwrap();
    tokio::spawn(tunnel::run(accepted, server, plan, Random::new(1), receiver, Tally::default().into()));
    let _ = client.write_all(&[7; 1_000]).await;
    let Ok(Ok((mut far, _))) = tokio::time::timeout(Duration::from_millis(200), inner.accept()).await else {
        return (0, true);
    };
    let mut count = 0;
    let mut piece = [0; 4_096];
    loop {
        match tokio::time::timeout(Duration::from_millis(300), far.read(&mut piece)).await {
            Ok(Ok(0) | Err(_)) => return (count, true),
            Ok(Ok(read)) => count += read,
            Err(_) => return (count, false),
        }
    }
}

fn plan(trouble: Trouble) -> Plan {
    Plan { trouble: Some((300, trouble)), ..Plan::fair() }
}

#[tokio::test]
async fn fair_weather_forwards_everything_and_keeps_the_connection() {
    assert_eq!(through(Plan::fair(), Weather::Storm).await, (1_000, false));
    assert_eq!(through(plan(Trouble::Cut), Weather::Fair).await, (1_000, false));
}

#[tokio::test]
async fn a_cut_comes_in_the_middle_and_ends_the_connection() {
    let (count, is_told) = through(plan(Trouble::Cut), Weather::Storm).await;
    // A reset may overtake the bytes before it.
    assert!(count <= 300 && is_told, "{count} {is_told}");
}

#[tokio::test]
async fn a_half_open_connection_forwards_nothing_more_and_tells_nobody() {
    assert_eq!(through(plan(Trouble::HalfOpen), Weather::Storm).await, (300, false));
}

#[tokio::test]
async fn a_stall_passes() {
    let stall = Trouble::Stall(Duration::from_millis(50));
    assert_eq!(through(plan(stall), Weather::Storm).await, (1_000, false));
}

#[tokio::test]
async fn a_refused_connection_never_reaches_the_server() {
    assert_eq!(through(plan(Trouble::Refuse), Weather::Storm).await, (0, true));
}
