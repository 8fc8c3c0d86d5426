//! People of the client Moodle, by name: what an administrator may see of them. Nothing of it is kept here.

use crate::{adapters::fetch, app::App};
use courseferry_api::{UserId, companion::FoundPeople};
use courseferry_ferry::Failure;

/// Characters of a search.
const SEARCH: usize = 100;

/// Those whose names have these words.
pub async fn search(app: &App, asked_by: UserId, text: &str) -> Result<FoundPeople, Failure> {
    let text: String = text.trim().chars().take(SEARCH).collect();
    fetch::call(app.config.companion.find_people(asked_by, &text), fetch::PATIENCE).await
}

/// Those with exactly these user names.
pub async fn named(app: &App, asked_by: UserId, usernames: &[String]) -> Result<FoundPeople, Failure> {
    let usernames: Vec<&str> = usernames.iter().map(String::as_str).collect();
    fetch::call(app.config.companion.people_named(asked_by, &usernames), fetch::PATIENCE).await
}
