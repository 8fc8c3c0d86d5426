//! The Manage page as a module of its own, so that teachers do not load it: run when an administrator opens it.

fn main() {
    courseferry_app::mount_manage();
}
