//! What people see and touch. Each component draws shared state and the plain logic's answers; none decides.

mod button;
mod confirm_bar;
mod course_row;
mod details;
mod el;
mod find;
mod heading;
pub mod manage;
mod notices;
mod restore_row;
mod restores;
mod rich;
mod target_picker;
mod view;
mod widget;

pub use widget::widget;
