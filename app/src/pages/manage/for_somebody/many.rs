//! Many people, from a CSV file.

use super::plan::Plan;
use crate::i18n::{text, use_i18n};
use crate::pages::manage::state::ManageState;
use crate::ui::button::{Button, Look};
use crate::ui::file::{chosen_text, save};
use crate::ui::notice::Failure;
use crate::ui::rich::WithCode;
use courseferry_api::{ListFile, ReadList};
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;

/// A file as it has to be.
const EXAMPLE: &str = "person,remote,course,category\r\nmcurie,Moodle Sciences,OPT101,Sciences / Physics\r\n";

/// The file, what it has to look like, and what is wrong with it.
#[component]
pub fn Many() -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let plan: Plan = expect_context();
    let read = Action::new_local(move |input: &HtmlInputElement| {
        let (input, asked) = (input.clone(), plan.list());
        async move {
            let text = chosen_text(&input).await.ok_or_else(|| i18n.t(text::FOR_UNREADABLE))?;
            // The same file chosen again, mended, is read again.
            input.set_value("");
            let list = api.post(ReadList, &ListFile { text }).await.map_err(|error| error.sentence(i18n))?;
            // Another file, or one person, may have been chosen meanwhile.
            if plan.list() == asked {
                plan.look_at(list.rows);
            }
            Ok::<_, String>(())
        }
    });
    let choose = move |event| {
        plan.clear();
        read.dispatch_local(event_target::<HtmlInputElement>(&event));
    };
    let failure = move || if read.pending().get() { None } else { read.value().get().and_then(Result::err) };
    let example = move || save("courseferry-example.csv", "text/csv", EXAMPLE);
    view! {
        <p><WithCode text=i18n.t(text::FOR_FILE_TEXT) /></p>
        <div class="cf-ask">
            <label>
                {i18n.t(text::FOR_FILE)}
                <input type="file" accept=".csv,.txt,text/csv,text/plain" class="form-control" on:change=choose />
            </label>
            <Button look=Look::Link label=i18n.t(text::FOR_EXAMPLE_GET) on_press=example />
        </div>
        <Failure text=Signal::derive(failure) />
    }
}
