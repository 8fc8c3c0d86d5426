//! What is ticked in a list.

use leptos::prelude::*;

/// What is ticked of a list whose lines are known by `T`; a handle that is cheap to copy.
pub struct Ticked<T: 'static>(pub RwSignal<Vec<T>>);

// Derived, they would ask that `T` be copied too.
impl<T> Copy for Ticked<T> {}
impl<T> Clone for Ticked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + PartialEq + Send + Sync> Ticked<T> {
    pub fn is(self, one: &T) -> bool {
        self.0.with(|ticked| ticked.contains(one))
    }

    pub fn set(self, one: &T, is_ticked: bool) {
        self.0.update(|ticked| {
            ticked.retain(|known| known != one);
            if is_ticked {
                ticked.push(one.clone());
            }
        });
    }
}
