//! Parts that one picture has in common with the next.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A part of a picture, which the next one has in common with it as long as it stays as it is. Changing it makes a copy.
#[derive(Debug, Default)]
pub struct Shared<T> {
    part: Arc<T>,
    stamp: Stamp,
}

/// Tells a part from every other that this process made, before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp(u64);

impl<T> Shared<T> {
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }
}

impl<T> From<T> for Shared<T> {
    fn from(part: T) -> Shared<T> {
        Shared { part: Arc::new(part), stamp: Stamp::default() }
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared { part: Arc::clone(&self.part), stamp: self.stamp }
    }
}

/// What it says counts, whoever made it.
impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Shared<T>) -> bool {
        self.stamp == other.stamp || *self.part == *other.part
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.part
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.stamp = Stamp::default();
        Arc::make_mut(&mut self.part)
    }
}

/// One that no part has yet.
impl Default for Stamp {
    fn default() -> Stamp {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Stamp(LAST.fetch_add(1, Ordering::Relaxed))
    }
}
