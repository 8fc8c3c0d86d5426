//! How much room one widget has, and which part of the page it shows.

use crate::ui::focus::focus_later;
use crate::ui::id::use_id;
use leptos::prelude::*;

/// From this width of the container, in CSS pixels, there is room to search and choose in place.
const WIDE: f64 = 480.0;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Not measured yet.
    Unknown,
    /// A block in a drawer: the list and a way to the page.
    Narrow,
    /// A block in the main column: the list, and choosing in place.
    Wide,
    /// The full page.
    Page,
}

impl Surface {
    /// The surface for a container of this width.
    pub fn of_width(width: f64) -> Self {
        match width {
            width if width <= 0.0 => Self::Unknown,
            width if width < WIDE => Self::Narrow,
            _ => Self::Wide,
        }
    }
}

/// A part of the full page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Find,
    Restores,
    Manage,
}

impl Tab {
    /// The part that the page's address names.
    pub fn of_address() -> Self {
        let hash = location().hash().unwrap_or_default();
        [Self::Restores, Self::Manage].into_iter().find(|tab| tab.hash() == hash).unwrap_or(Self::Find)
    }

    /// Its name in the page's address.
    pub fn hash(self) -> &'static str {
        match self {
            Self::Find => "#find",
            Self::Restores => "#restores",
            Self::Manage => "#manage",
        }
    }
}

/// One widget's layout; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Layout {
    /// How much it shows.
    pub surface: Memo<Surface>,
    /// Which part of the page is open.
    pub tab: RwSignal<Tab>,
    /// The height of the confirm bar, which lies over the lists, in CSS pixels.
    pub bar_height: RwSignal<f64>,
}

/// The layout of this widget.
pub fn use_layout() -> Layout {
    expect_context()
}

impl Layout {
    /// It has a page of Moodle to itself.
    pub fn is_page(self) -> bool {
        self.surface.get_untracked() == Surface::Page
    }

    /// The heading level of its parts: Moodle gives a block's title 3, the page's 1.
    pub fn heading_level(self) -> u8 {
        if self.is_page() { 2 } else { 4 }
    }

    /// The class of its parts' headings: on the page, the tabs say it for those who see it.
    pub fn heading_class(self) -> &'static str {
        if self.is_page() { "cf-heading cf-visually-hidden" } else { "cf-heading" }
    }
}

/// Shows "Your restores" and moves the focus to its heading.
pub fn use_show_restores() -> impl Fn() + Copy + 'static {
    let layout = use_layout();
    let heading = StoredValue::new(use_id("restores"));
    move || {
        if layout.surface.try_get_untracked() == Some(Surface::Page) {
            layout.tab.set(Tab::Restores);
            let _ = location().set_hash(Tab::Restores.hash());
        }
        if let Some(heading) = heading.try_get_value() {
            focus_later(heading);
        }
    }
}
