//! Values that views follow. They are Leptos's signals and memos, but hold their value behind `dyn Any`: the
//! machinery of a signal is then compiled once instead of once per type, which halves the WebAssembly.

use leptos::prelude::*;
use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

type Shared = Arc<dyn Any + Send + Sync>;

/// A value that views follow and that can be set; a handle that is cheap to copy.
pub struct Live<T>(RwSignal<Shared>, PhantomData<fn() -> T>);

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Live<T> {}

impl<T: Send + Sync + 'static> Live<T> {
    /// A new one.
    pub fn new(value: T) -> Self {
        Self(RwSignal::new(Arc::new(value)), PhantomData)
    }

    /// Looks at the value and follows it.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(inside(&self.0.get()))
    }

    /// Looks at the value without following it.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(inside(&self.0.get_untracked()))
    }

    /// What it belonged to is no longer in the page; whoever waited for an answer must not look at it any more.
    pub fn gone(self) -> bool {
        self.0.is_disposed()
    }

    /// Follows it without looking.
    pub fn track(self) {
        self.0.track();
    }

    /// Sets it.
    pub fn set(self, value: T) {
        self.0.set(Arc::new(value));
    }
}

impl<T: Clone + Send + Sync + 'static> Live<T> {
    /// The value, followed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// Changes it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

/// A value made of others, anew when they change; who follows it is told only when it differs.
pub struct Derived<T>(Memo<Shared>, PhantomData<fn() -> T>);

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

impl<T: PartialEq + Send + Sync + 'static> Derived<T> {
    /// What `make` makes.
    pub fn new(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(memo(Box::new(move || Arc::new(make())), differ::<T>), PhantomData)
    }

    /// Looks at the value and follows it.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(inside(&self.0.get()))
    }

    /// Looks at the value without following it.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(inside(&self.0.get_untracked()))
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Derived<T> {
    /// The value, followed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

type Differ = fn(Option<&Shared>, Option<&Shared>) -> bool;

fn memo(make: Box<dyn Fn() -> Shared + Send + Sync>, differ: Differ) -> Memo<Shared> {
    Memo::new_with_compare(move |_| make(), differ)
}

fn differ<T: PartialEq + 'static>(before: Option<&Shared>, now: Option<&Shared>) -> bool {
    before.and_then(|value| value.downcast_ref::<T>()) != now.and_then(|value| value.downcast_ref::<T>())
}

fn inside<T: 'static>(shared: &Shared) -> &T {
    let Some(value) = shared.downcast_ref() else { unreachable!("only a T is ever put there") };
    value
}

/// What lives as long as the page, behind a handle of one word: dozens of closures hold each.
pub struct Forever<T: 'static>(&'static T);

impl<T> Forever<T> {
    /// Keeps `value` for ever.
    pub fn new(value: T) -> Self {
        Self(Box::leak(Box::new(value)))
    }
}

impl<T> Clone for Forever<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Forever<T> {}

impl<T> Deref for Forever<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_value_follows_and_an_equal_one_is_no_change() {
        let owner = Owner::new();
        owner.with(|| {
            let source = Live::new(3);
            let half = Derived::new(move || source.get() / 2);
            let seen = Live::new(0);
            let watch = Derived::new(move || {
                seen.set(seen.get_untracked() + 1);
                half.get()
            });
            assert_eq!(watch.get(), 1);
            source.set(2);
            assert_eq!((watch.get(), seen.get_untracked()), (1, 1));
            source.update(|n| *n += 6);
            assert_eq!((watch.get(), seen.get_untracked()), (4, 2));
        });
    }
}
