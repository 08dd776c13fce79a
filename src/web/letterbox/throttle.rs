//! How often one address may send something in. Addresses stand in memory only, and only until their sender has all
//! chances again: ten minutes at most after the last form, and until the next one comes.

use crate::platform::clock::Clock;
use crate::web::problem::Problem;
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

pub struct Throttle {
    limiter: RateLimiter<IpAddr, HashMapStateStore<IpAddr>, Ticks, NoOpMiddleware<Duration>>,
    clock: Ticks,
    /// In which a trusted proxy names the client's address.
    header: Option<HeaderName>,
}

/// A class of pupils behind one address can each say something about the page they just read.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(10).unwrap();
const A_MINUTE: NonZeroU32 = NonZeroU32::MIN;

/// The node's own clock, so that tests need not wait.
#[derive(Clone)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.now().micros()).unwrap_or(0))
    }
}

impl Throttle {
    /// `header` is empty or the name of a header; where it is neither, connections count.
    pub fn new(clock: &Clock, header: &str) -> Throttle {
        let clock = Ticks(clock.clone());
        let quota = Quota::per_minute(A_MINUTE).allow_burst(AT_ONCE);
        let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
        Throttle { limiter, clock, header: HeaderName::try_from(header).ok() }
    }

    /// Counts the request. # Errors: it is one too many; the problem tells how long to wait.
    pub fn admit(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.limiter.retain_recent();
        self.limiter.check_key(&self.sender(request)).map_err(|until| {
            let wait = until.wait_time_from(governor::clock::Clock::now(&self.clock));
            Problem::too_often(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
        })
    }

    fn sender(&self, request: &HttpRequest) -> IpAddr {
        let told = self.header.as_ref().and_then(|header| told(request.headers(), header));
        let peer = || request.peer_addr().map(|peer| peer.ip());
        household(told.or_else(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }
}

/// The rightmost element: a proxy adds at the end, what stands before may be anybody's invention.
/// SPEC: RFC 9110 §5.3: several lines of one header are one list.
fn told(headers: &HeaderMap, header: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(header).last()?.to_str().ok()?.rsplit(',').next()?.trim();
    let with_port = || last.parse::<SocketAddr>().ok().map(|address| address.ip());
    last.trim_matches(['[', ']']).parse().ok().or_else(with_port)
}

/// Who has an IPv6 address has at least 2^64 of them: they count as one.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, Throttle};
    use crate::base::moment::Moment;
    use crate::platform::clock::Clock;
    use actix_web::test::TestRequest;

    fn clock() -> Clock {
        Clock::manual(Moment::from_seconds(1_700_000_000))
    }

    fn from(throttle: &Throttle, peer: &str, header: &str) -> Result<(), Problem> {
        let request = TestRequest::post().peer_addr(peer.parse().unwrap());
        throttle.admit(&request.insert_header(("x-forwarded-for", header)).to_http_request())
    }

    #[test]
    fn ten_come_in_at_once_and_then_one_a_minute() {
        let clock = clock();
        let throttle = Throttle::new(&clock, "");
        let ask = || from(&throttle, "192.0.2.1:1", "");
        assert!((0..10).all(|_| ask().is_ok()));
        let refused = ask().unwrap_err().json();
        assert_eq!(refused.headers().get("retry-after").unwrap(), "60");
        assert!(from(&throttle, "192.0.2.2:1", "").is_ok(), "another address");
        clock.advance(60);
        assert!(ask().is_ok());
        assert!(ask().is_err());
    }

    #[test]
    fn addresses_are_forgotten_when_they_no_longer_matter() {
        let clock = clock();
        let throttle = Throttle::new(&clock, "");
        for last in 1..100 {
            from(&throttle, &format!("192.0.2.{last}:1"), "").unwrap();
        }
        assert_eq!(throttle.limiter.len(), 99);
        clock.advance(601);
        from(&throttle, "192.0.2.200:1", "").unwrap();
        assert_eq!(throttle.limiter.len(), 1);
    }

    #[test]
    fn only_the_last_word_of_a_header_that_the_operator_trusts_counts() {
        let trusting = Throttle::new(&clock(), "X-Forwarded-For");
        for number in 0..10 {
            from(&trusting, "127.0.0.1:1", &format!("198.51.100.{number}, 192.0.2.1")).unwrap();
        }
        assert!(from(&trusting, "127.0.0.1:1", "203.0.113.9, 192.0.2.1:4711").is_err());
        assert!(from(&trusting, "127.0.0.1:1", "192.0.2.1, 203.0.113.9").is_ok());
        let unaware = Throttle::new(&clock(), "");
        for number in 0..10 {
            from(&unaware, "127.0.0.1:1", &format!("192.0.2.{number}")).unwrap();
        }
        assert!(from(&unaware, "127.0.0.1:1", "203.0.113.9").is_err());
    }

    #[test]
    fn a_household_has_one_address_in_either_protocol() {
        let throttle = Throttle::new(&clock(), "X-Forwarded-For");
        for number in 0..10 {
            from(&throttle, "127.0.0.1:1", &format!("[2001:db8::{number}]")).unwrap();
        }
        assert!(from(&throttle, "127.0.0.1:1", "[2001:db8::ffff]:80").is_err());
        assert!(from(&throttle, "127.0.0.1:1", "2001:db8:0:1::1").is_ok());
        for _ in 0..10 {
            from(&throttle, "127.0.0.1:1", "192.0.2.1").unwrap();
        }
        assert!(from(&throttle, "127.0.0.1:1", "::ffff:192.0.2.1").is_err());
    }
}
