//! What the widget and the Worker say to each other.
