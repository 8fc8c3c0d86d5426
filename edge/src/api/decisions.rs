//! Sentences for why the companion does not carry out what an owner decided about a restored course.

use crate::http::error::ApiError;
use courseferry_api::{ErrorCode, Language, companion::Decision, words};

/// What holds a decision back, in a sentence.
pub fn held_back(language: Language, answer: &Decision) -> ApiError {
    let sentence = match answer.reason.as_str() {
        "notowner" => return ErrorCode::RestoreNotFound.into(),
        "norights" => return ApiError::with(ErrorCode::ClientNoCapability, answer.detail.as_str()),
        "mixed" => words::RESTORED_MEANWHILE,
        "nolog" => words::NO_LOG,
        "toolate" => words::REMOVAL_TOO_LATE,
        "norecyclebin" => words::NO_RECYCLE_BIN,
        "participants" => words::OTHERS_ARE_IN_IT,
        "changed" => words::WORKED_IN,
        "notrestored" => words::MADE_NO_COURSE,
        _ => return ErrorCode::RestoreChanged.into(),
    };
    ApiError::with(ErrorCode::RestoreNotRemovable, language.say(sentence))
}
