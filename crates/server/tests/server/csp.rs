//! `tandem csp`: what a site owner's page has to allow, told on the command line.

use std::process::{Command, Output};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn tandem(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
    command.env_remove("TANDEM_PUBLIC_URL").args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const SERVER: [&str; 2] = ["--public-url", "https://chat.example.com"];

/// Checks these; answers the exit code and what was printed.
fn check(args: &[&str]) -> (i32, String) {
    let output = tandem(&[&["csp", "check"], args, &SERVER].concat());
    (output.status.code().unwrap(), text(&output))
}

#[test]
fn what_is_printed_for_a_touchpoint_passes_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let made =
        tandem(&["touchpoint", "create", "--data", data, "--name", "Shop", "--domain", "shop.example"]);
    let touchpoint_id = text(&made).split_whitespace().next().unwrap().to_owned();
    let flags = ["csp", "print", "--data", data, "--touchpoint", &touchpoint_id];
    let printed = tandem(&[&flags, &SERVER[..]].concat());
    assert!(printed.status.success(), "{}", text(&printed));
    let printed = text(&printed);
    assert!(printed.contains(&touchpoint_id) && printed.contains("instance"), "{printed}");
    let directives: Vec<&str> = printed.lines().filter(|line| !line.starts_with('#')).collect();
    let (code, said) = check(&["--header", &format!("default-src 'none'; {}", directives.join(" "))]);
    assert_eq!(code, 0, "{said}");
    let unknown =
        tandem(&[&["csp", "print", "--data", data, "--touchpoint", "tp_none"], &SERVER[..]].concat());
    assert!(!unknown.status.success() && text(&unknown).contains("tp_none"));
}

#[test]
fn what_is_missing_is_named_and_the_exit_code_says_so() {
    let (code, said) = check(&["--header", "default-src 'self'; scripts-src *"]);
    assert_eq!(code, 1);
    assert!(said.contains("add script-src 'self' https://chat.example.com"), "{said}");
    assert!(said.contains("add frame-src 'self' https://chat.example.com"), "{said}");
    assert!(said.contains("is script-src meant?"), "{said}");
    let (code, said) = check(&["--header", "img-src 'self'"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_page_in_a_file_and_the_header_it_comes_with_count_together() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let tag = "<script async src=https://chat.example.com/w/tp_a.js></script>";
    let meta = "<meta http-equiv=content-security-policy content=\"frame-src 'none'\">";
    std::fs::write(&file, format!("<!doctype html><head>{meta}{tag}")).unwrap();
    let file = file.to_str().unwrap();
    let (code, said) = check(&["--file", file, "--header", "script-src https://chat.example.com"]);
    assert_eq!(code, 1);
    assert!(said.contains("meta 1") && said.contains("header 1"), "{said}");
    assert!(said.contains("add https://chat.example.com to frame-src"), "{said}");
    let (code, said) = check(&["--file", "there-is-no-such-file"]);
    assert!(code != 0 && said.contains("there-is-no-such-file"), "{said}");
    assert_eq!(tandem(&[&["csp", "check"], &SERVER[..]].concat()).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_fetched_with_its_headers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let site = tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 2048];
            let read = socket.read(&mut request).await.unwrap();
            let is_found = request[..read].starts_with(b"GET /shop ");
            let body = "<script nonce=n1 src=https://chat.example.com/w/tp_a.js></script>";
            let status = if is_found { "200 OK" } else { "404 Not Found" };
            let policy = "script-src 'nonce-n1' 'strict-dynamic', frame-src 'self'";
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-security-policy: {policy}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let of = |path: &str| {
        let url = format!("http://{address}/{path}");
        tokio::task::spawn_blocking(move || check(&["--url", &url]))
    };
    let (code, said) = of("shop").await.unwrap();
    assert_eq!(code, 1);
    assert!(said.contains("the tag carries its nonce"), "{said}");
    assert!(said.contains("add https://chat.example.com to frame-src"), "{said}");
    let (code, said) = of("elsewhere").await.unwrap();
    assert!(code != 0 && said.contains("404"), "{said}");
    site.abort();
}
