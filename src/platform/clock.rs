//! System time, fresh ids and chance: the only source of all three.

use crate::base::id::ObjectId;
use crate::base::moment::Moment;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where a node takes its time from. Cloning is cheap and shares the time.
#[derive(Clone, Default)]
pub struct Clock(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    System,
    /// Set by tests, in microseconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until [`Clock::advance`] is called.
    pub fn manual(start: Moment) -> Clock {
        Clock(Source::Manual(Arc::new(AtomicI64::new(start.micros()))))
    }

    pub fn now(&self) -> Moment {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
            Source::System => Moment::from_micros(jiff::Timestamp::now().as_microsecond()),
            Source::Manual(at) => Moment::from_micros(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward; the system's clock stays as it is.
    pub fn advance(&self, seconds: i64) {
        if let Source::Manual(at) = &self.0 {
            at.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// A new UUIDv7 (RFC 9562) of this moment.
    pub fn fresh_id(&self) -> ObjectId {
        let micros = self.now().micros();
        let seconds = u64::try_from(micros.div_euclid(1_000_000)).unwrap_or(0);
        let nanos = u32::try_from(micros.rem_euclid(1_000_000)).unwrap_or(0) * 1_000;
        let time = uuid::Timestamp::from_unix_time(seconds, nanos, 0, 0);
        ObjectId::from_uuid(uuid::Uuid::new_v7(time))
    }
}

/// Bytes nobody can guess, from the operating system.
pub fn chance<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}
