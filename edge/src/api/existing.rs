//! `GET /api/targets`: courses here to which a person may add what they bring.

use crate::{
    app::App,
    auth::{session::CurrentUser, targets},
    http::error::ApiResult,
};
use courseferry_api::{ExistingCourse, ExistingCourses};

/// Characters of a search.
const SEARCH: usize = 100;

/// Those whose names hold what is looked for.
pub async fn find(app: &App, user: &CurrentUser, search: &str) -> ApiResult<ExistingCourses> {
    let search: String = search.trim().chars().take(SEARCH).collect();
    let found = targets::search(app, user.rights.site(), user.id(), &search).await?;
    let course = |course: courseferry_api::companion::TargetCourse| ExistingCourse {
        id: course.id,
        full_name: user.rights.plain(&course.fullname),
        short_name: user.rights.plain(&course.shortname),
        category: user.rights.plain(&course.category),
        starts: course.startdate,
    };
    Ok(ExistingCourses { courses: found.courses.into_iter().map(course).collect(), more: found.more })
}
