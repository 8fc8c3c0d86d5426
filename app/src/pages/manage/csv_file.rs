//! The button with which the browser saves a list as a CSV file, for a spreadsheet.

use super::state::ManageState;
use crate::i18n::use_i18n;
use crate::ui::button::Button;
use crate::ui::file::save;
use crate::ui::notice::Failure;
use courseferry_api::{Endpoint, Raw};
use leptos::prelude::*;

/// Saves what `endpoint` answers under `name`; `query` is asked at each press. The children stand before the button.
#[component]
pub fn CsvFile<E: Endpoint<Answer = Raw> + Clone + 'static>(
    label: String,
    name: &'static str,
    endpoint: E,
    query: impl Fn() -> E::Query + 'static,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let saved = Action::new_local(move |(): &()| {
        let (endpoint, query) = (endpoint.clone(), query());
        async move {
            let file = api.file(endpoint, &query).await.map_err(|error| error.sentence(i18n))?;
            save(name, "text/csv", &file);
            Ok::<_, String>(())
        }
    });
    let not_saved = move || saved.value().get().and_then(Result::err);
    view! {
        <Failure text=Signal::derive(not_saved) />
        <div class="cf-actions">
            {children.map(|children| children())}
            <Button label=label busy=saved.pending() on_press=move || { saved.dispatch(()); } />
        </div>
    }
}
