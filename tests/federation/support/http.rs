//! A reader: asks one thing of a loopback server and takes the answer apart.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

/// What a reader got.
#[derive(Debug)]
pub struct Reading {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reading {
    #[track_caller]
    pub fn says(&self, words: &str) -> &Reading {
        assert!(self.body.contains(words), "{words:?} is not in ({}):\n{}", self.status, self.body);
        self
    }

    #[track_caller]
    pub fn is_silent_about(&self, words: &str) -> &Reading {
        assert!(!self.body.contains(words), "{words:?} is in ({}):\n{}", self.status, self.body);
        self
    }

    #[track_caller]
    pub fn is_there(&self) -> &Reading {
        assert_eq!(self.status, 200, "{}\n{}", self.head, self.body);
        self
    }

    #[track_caller]
    pub fn is_missing(&self) -> &Reading {
        assert_eq!(self.status, 404, "{}\n{}", self.head, self.body);
        self
    }

    /// Leads elsewhere with this status.
    #[track_caller]
    pub fn leads_to(&self, status: u16, path: &str) -> &Reading {
        assert_eq!((self.status, self.header("location")), (status, path), "{}", self.head);
        self
    }

    /// The value of a header; empty if it is absent. `name` in lower case.
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

/// Asks for `url`, which names a loopback address and a port.
pub fn fetch(url: &str, headers: &[(&str, &str)]) -> Reading {
    let url: url::Url = url.parse().unwrap();
    let (host, port) = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect((host, port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let more: String = headers.iter().map(|(key, value)| format!("{key}: {value}\r\n")).collect();
    let path = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n{more}\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reading { status, head: head.to_owned(), body: body.to_owned() }
}

/// Serves a folder as any web server would, until the process ends; its base address.
pub fn static_server(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let folder = folder.clone();
            std::thread::spawn(move || {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/").trim_start_matches('/').to_owned();
                let (status, bytes) = match std::fs::read(folder.join(path)) {
                    Ok(bytes) => ("200 OK", bytes),
                    Err(_) => ("404 Not Found", Vec::new()),
                };
                let length = bytes.len();
                let head =
                    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
                let _ = stream.write_all(&[head.as_bytes(), &bytes].concat());
            });
        }
    });
    url
}
