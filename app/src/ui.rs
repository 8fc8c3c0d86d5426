//! Components that know no page: what they show and do is given to them.

pub mod button;
pub mod combobox;
pub mod copy;
pub mod course_fields;
pub mod details;
pub mod file;
pub mod focus;
pub mod heading;
pub mod id;
pub mod notice;
pub mod progress;
pub mod rich;
pub mod row;
pub mod select;
pub mod status;
pub mod target_picker;
