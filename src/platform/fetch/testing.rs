//! A small web server for tests that answers as badly as it is told to, on a loopback port.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// What the server sends, byte for byte.
pub enum Reply {
    Bytes(Vec<u8>),
    /// The bytes, then nothing more while the connection stays open.
    Stall(Vec<u8>),
    /// The first bytes, then the second again and again for as long as they are taken.
    Endless(Vec<u8>, Vec<u8>),
}

/// Serves until the process ends; answers one request a connection.
pub struct BadServer {
    pub url: String,
}

impl BadServer {
    /// `answer` is given the head of each request.
    pub fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> BadServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = answer.clone();
                std::thread::spawn(move || converse(stream, &*answer));
            }
        });
        BadServer { url }
    }
}

fn converse(mut stream: TcpStream, answer: &(impl Fn(&str) -> Reply + ?Sized)) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    match answer(&String::from_utf8_lossy(&head)) {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Reply::Stall(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.read(&mut byte);
        }
        Reply::Endless(first, again) => {
            let _ = stream.write_all(&first);
            while stream.write_all(&again).is_ok() {}
        }
    }
}

/// A decent answer 200 of `bytes`.
pub fn ok(bytes: &[u8]) -> Vec<u8> {
    answer("200 OK", "Content-Type: application/octet-stream\r\n", bytes)
}

/// An answer with its length told.
pub fn answer(status: &str, headers: &str, bytes: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
    [head.as_bytes(), bytes].concat()
}

/// `bytes` packed by gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
