//! One question over HTTP, one connection each: a server may be gone at any moment.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// `None` if nobody answers, or not to the end.
pub fn ask(port: u16, path: &str) -> Option<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").ok()?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).ok()?;
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(all[..end].to_vec()).ok()?.to_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length: usize =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(Ok(0), str::parse).ok()?;
    let body = all[end + 4..].to_vec();
    (body.len() == length).then_some(Answer { status, body })
}

/// The body of a 200. # Errors: what came instead.
pub fn fetch(port: u16, path: &str) -> Result<Vec<u8>, String> {
    match ask(port, path) {
        Some(Answer { status: 200, body }) => Ok(body),
        Some(Answer { status, .. }) => Err(format!("{path} answers {status}")),
        None => Err(format!("nobody answers {path}")),
    }
}

/// A port that nobody has, below those that outgoing connections take: it must be free again after a kill.
pub fn free_port() -> u16 {
    let candidate = || 12_000 + u16::from_le_bytes(lotse::platform::clock::chance::<2>()) % 7_000;
    std::iter::repeat_with(candidate)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .unwrap()
}

/// Looks again and again until it holds. # Panics: it did not within `longest`; the last reason is told.
pub fn until<T>(what: &str, longest: Duration, mut look: impl FnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match look() {
            Ok(value) => return value,
            Err(why) => assert!(begun.elapsed() < longest, "{what}: not within {longest:?}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
