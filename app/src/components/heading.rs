//! A heading at the level that its place in Moodle's page asks for; it looks the same at every level.

use leptos::prelude::*;

/// A heading that can take the focus, since what it heads may be where an action leads.
pub fn heading(level: u8, class: &'static str, id: String, label: String) -> AnyView {
    let label = view! { <bdi>{label}</bdi> }.into_any();
    match level {
        2 => view! { <h2 class=class id=id tabindex="-1" data-cf-refuge="">{label}</h2> }.into_any(),
        3 => view! { <h3 class=class id=id tabindex="-1" data-cf-refuge="">{label}</h3> }.into_any(),
        4 => view! { <h4 class=class id=id tabindex="-1" data-cf-refuge="">{label}</h4> }.into_any(),
        _ => view! { <h5 class=class id=id tabindex="-1" data-cf-refuge="">{label}</h5> }.into_any(),
    }
}
