//! An element, made with Leptos's builder instead of its `view!` macro. Every tag, attribute and handler is of the
//! same few types here, where the macro makes a type for each: a tenth less to load.

use super::view::{Followed, reads};
use leptos::ev::Custom as Named;
use leptos::html::{Custom, ElementChild};
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::event::on;
use leptos::tachys::html::node_ref::node_ref;
use leptos::tachys::html::property::prop;
use leptos::tachys::view::add_attr::AddAnyAttr;
use web_sys::Event;

/// An element under construction: one pointer, since it is handed from call to call.
pub struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// Where an element will be found once it is in the page.
pub type Node = NodeRef<Custom<String>>;

/// What an attribute is set to.
pub enum Value {
    /// Always this.
    Fixed(String),
    /// What is read, followed; the attribute is gone while there is none.
    Followed(Followed<Option<String>>),
    /// No such attribute.
    Absent,
}

/// What an element can hold.
pub trait Child {
    /// It as a view.
    fn view(self) -> AnyView;
}

/// The element named `tag`.
pub fn el(tag: &'static str) -> El {
    El(Box::new(Parts { tag, attributes: Vec::new(), children: Vec::new() }))
}

impl El {
    /// With this attribute.
    pub fn attr(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.with_attribute(name, value.into())
    }

    fn with_attribute(self, name: &'static str, value: Value) -> Self {
        let attribute = match value {
            Value::Fixed(text) => custom_attribute(name, text).into_any_attr(),
            Value::Followed(read) => custom_attribute(name, read).into_any_attr(),
            Value::Absent => return self,
        };
        self.and(attribute)
    }

    /// With these classes.
    pub fn class(self, classes: impl Into<Value>) -> Self {
        self.attr("class", classes)
    }

    /// With this id.
    pub fn id(self, id: impl Into<Value>) -> Self {
        self.attr("id", id)
    }

    /// A place that can take the focus when what had it is gone (see `browser::keeping_focus`).
    pub fn refuge(self) -> Self {
        self.attr("tabindex", "-1").attr("data-cf-refuge", "")
    }

    /// Whose property `name` is what is read, followed.
    pub fn flag(self, name: &'static str, read: Followed<bool>) -> Self {
        self.and(prop(name, read).into_any_attr())
    }

    /// Whose `value` is what `read` reads, followed.
    pub fn value(self, read: impl FnMut() -> String + Send + 'static) -> Self {
        self.and(prop("value", reads(read)).into_any_attr())
    }

    /// That does this at each `event`.
    pub fn on(self, event: &'static str, handle: impl FnMut(Event) + 'static) -> Self {
        let handle: Box<dyn FnMut(Event)> = Box::new(handle);
        self.and(on(Named::<Event>::new(event), handle).into_any_attr())
    }

    /// That is found at `node`.
    pub fn found_at(self, node: Node) -> Self {
        self.and(node_ref(node).into_any_attr())
    }

    /// With this inside, after what is inside already.
    pub fn child(mut self, child: impl Child) -> Self {
        self.0.children.push(child.view());
        self
    }

    fn and(mut self, attribute: AnyAttribute) -> Self {
        self.0.attributes.push(attribute);
        self
    }
}

impl Child for El {
    fn view(self) -> AnyView {
        let Parts { tag, attributes, children } = *self.0;
        // In capitals, as browsers tell it: Leptos keeps an element that is drawn anew if its tag is still the same.
        leptos::html::custom(tag.to_ascii_uppercase()).child(children).add_any_attr(attributes).into_any()
    }
}

impl Child for AnyView {
    fn view(self) -> AnyView {
        self
    }
}

impl Child for String {
    fn view(self) -> AnyView {
        self.into_any()
    }
}

impl Child for &str {
    fn view(self) -> AnyView {
        self.to_owned().into_any()
    }
}

impl Child for Vec<AnyView> {
    fn view(self) -> AnyView {
        self.into_any()
    }
}

impl<T: Child> Child for Option<T> {
    fn view(self) -> AnyView {
        self.map_or_else(|| ().into_any(), Child::view)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Fixed(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Fixed(text)
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Absent, Self::Fixed)
    }
}

impl From<Followed<Option<String>>> for Value {
    fn from(read: Followed<Option<String>>) -> Self {
        Self::Followed(read)
    }
}
