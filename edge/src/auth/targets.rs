//! Courses here that exist already, to which somebody may add what they bring. The client decides: the contexts of courses
//! are in no snapshot.

use crate::{adapters::fetch, app::App};
use courseferry_api::{
    CourseId, ErrorCode, Language, UserId,
    companion::{SiteFacts, TargetCourse, TargetCourses},
    words,
};
use courseferry_ferry::Failure;

/// Those whose names hold this text.
pub async fn search(app: &App, site: &SiteFacts, user: UserId, text: &str) -> Result<TargetCourses, Failure> {
    if !site.targetcourses {
        return Ok(TargetCourses { courses: Vec::new(), more: false, error: None, error_detail: String::new() });
    }
    fetch::call(app.config.companion.target_courses(user, text), fetch::PATIENCE).await
}

/// One course, or why they may not add to it.
pub async fn target(
    app: &App,
    site: &SiteFacts,
    user: UserId,
    language: Language,
    course: CourseId,
) -> Result<TargetCourse, Failure> {
    if !site.targetcourses {
        let reason = language.say(words::NO_EXISTING_COURSES);
        return Err(Failure::new(ErrorCode::RestoreOptionRefused, reason));
    }
    let found = fetch::call(app.config.companion.target_course(user, course), fetch::PATIENCE).await?;
    let refused = || Failure::new(found.error.unwrap_or(ErrorCode::ClientCourseMissing), found.error_detail.clone());
    found.courses.iter().find(|found| found.id == course).cloned().ok_or_else(refused)
}
