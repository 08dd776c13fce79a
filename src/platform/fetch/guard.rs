//! Which addresses and URLs a request may go to. Names are judged inside the resolver of the client, by the very
//! addresses it then connects to, so that a name cannot answer differently the second time.

use super::FetchError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// What lets a node ask its own network.
const SWITCH: &str = "federation.allow_private_addresses = true allows it";

/// A name that leads to no address outside of private networks.
#[derive(Debug, thiserror::Error)]
#[error("{name} leads to {addresses}, which is not a public address; {}", SWITCH)]
pub struct NotPublic {
    pub name: String,
    pub addresses: String,
}

/// Resolves names and drops what is not public.
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let (public, other): (Vec<_>, Vec<_>) = found.into_iter().partition(|a| is_public(a.ip()));
            if public.is_empty() {
                let addresses: Vec<String> = other.iter().map(|address| address.ip().to_string()).collect();
                return Err(NotPublic { name, addresses: addresses.join(", ") }.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Reads a URL and refuses what may not be asked for. `allow_private`: plain http, other ports and private addresses too.
pub fn check(text: &str, allow_private: bool) -> Result<Url, FetchError> {
    let refuse = |why: &str| FetchError::Refused { url: text.to_owned(), why: why.to_owned() };
    let url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
    // SPEC: https only, port 443 unless admin-approved, no userinfo (civic-feed §2.17).
    match url.scheme() {
        "https" => {}
        "http" if allow_private => {}
        "http" => {
            return Err(refuse(&format!(
                "plain http can be read and changed on the way; write https, or {SWITCH}"
            )));
        }
        _ => return Err(refuse("only https and http addresses can be fetched")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("an address must not carry a user name or password"));
    }
    if !allow_private && url.port_or_known_default() != Some(443) {
        return Err(refuse(&format!("only port 443 is asked; {SWITCH}")));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Some(Host::Domain(_)) => None,
        None => return Err(refuse("it names no host")),
    };
    match literal {
        Some(address) if !allow_private && !is_public(address) => {
            Err(refuse(&format!("{address} is not a public address; {SWITCH}")))
        }
        _ => Ok(url),
    }
}

/// Whether an address belongs to the public internet (IANA special-purpose registries of 2025).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || address.is_broadcast();
    let other = matches!(
        address.octets(),
        [0 | 240..=255, ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..]
    );
    !special && !other
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only 2000::/3 is given out; that leaves loopback, v4-mapped, NAT64, unique local, link-local and multicast behind.
    let segments = address.segments();
    match segments {
        [0x2001, 0..=0x01ff, ..] => false,
        [0x2001, 0x0db8, ..] => false,
        [0x2002, ..] => false,
        [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::{check, is_public};

    #[test]
    fn addresses_outside_the_public_internet_are_known() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "198.19.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "2002:a00:1::",
            "2001:db8::1",
            "3fff::1",
            "2001::1",
            "fe80::1",
            "fec0::1",
            "fd00::1",
            "ff02::1",
            "100::1",
            "::8.8.8.8",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in
            ["8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "2a01:4f8::1", "2001:4860::1"]
        {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn urls_that_lead_elsewhere_are_refused_in_words() {
        for (url, why) in [
            ("http://example.org/", "write https, or federation.allow_private_addresses = true"),
            ("https://example.org:8443/", "port 443 is asked; federation.allow_private_addresses = true"),
            ("https://user@example.org/", "user name"),
            ("https://127.0.0.1/", "not a public address; federation.allow_private_addresses = true"),
            ("https://2130706433/", "not a public address"),
            ("https://0x7f.1/", "not a public address"),
            ("https://[::ffff:10.0.0.1]/", "not a public address"),
            ("ftp://example.org/", "only https"),
            ("file:///etc/passwd", "only https"),
            ("example.org", "relative URL"),
        ] {
            let told = check(url, false).unwrap_err().to_string();
            assert!(told.contains(why) && told.contains(url), "{url}: {told}");
        }
        assert!(check("https://example.org/feed/", false).is_ok());
        assert!(check("http://127.0.0.1:8080/", true).is_ok());
        assert!(check("http://user@127.0.0.1:8080/", true).is_err());
    }
}
