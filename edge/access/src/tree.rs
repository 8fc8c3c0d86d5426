//! The contexts as a tree, numbered so that "is this at or below that?" is two comparisons.
//!
//! Moodle keys definitions and assignments by path, so the tree is one of paths: whatever the rows
//! say, a path has one place, its parent is the path without the last id, and a cycle cannot be
//! written. Only locks follow rows instead; see [`Contexts::locks`].

use crate::{
    ids::{CapabilityName, ContextId, RoleId},
    rows::{ContextLevel, ContextRow},
};
use courseferry_api::UserId;
use rustc_hash::{FxHashMap, FxHashSet};

/// The deepest path walked; Moodle's `depth` column holds no more.
const DEEPEST: usize = 255;

/// A place in the tree. Places are numbered from the top, every subtree without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    first: usize,
    end: usize,
}

impl Place {
    /// Whether the other place is this one or below it.
    pub(crate) fn covers(self, other: Place) -> bool {
        self.first <= other.first && other.first < self.end
    }

    /// The number; of two places on one path, the deeper has the higher.
    pub(crate) fn number(self) -> usize {
        self.first
    }
}

/// A context of the site.
#[derive(Clone, Debug)]
pub struct Context {
    pub id: ContextId,
    pub level: ContextLevel,
    pub instance: i64,
    /// Where it is. A row without a path has no place.
    pub(crate) place: Option<Place>,
    /// Whether Moodle would walk its path: there is one and the depth is not 0.
    pub(crate) walkable: bool,
    /// The nearest locked context at or above it.
    pub(crate) locked_by: Option<ContextId>,
    parent: Option<ContextId>,
    locked: bool,
}

/// A row that does not fit the model, and what was done with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitRow {
    /// The path is not a list of ids: the context counts as one that lost its path.
    #[error("context {0} has a path that is not a list of ids")]
    Path(ContextId),
    /// The path is missing or the depth is 0: only administrators have rights there, as in Moodle.
    #[error("context {0} has no path")]
    NoPath(ContextId),
    /// A second row with the same id: the first is kept.
    #[error("context {0} comes twice")]
    ContextTwice(ContextId),
    /// The parents go round in a circle: the walk for locks ends there.
    #[error("context {0} is among its own parents")]
    Cycle(ContextId),
    /// A definition for a context that is not there: left out, as Moodle's join does.
    #[error("role {1} is defined in context {0}, which is not there")]
    UnknownContext(ContextId, RoleId),
    /// A definition of a capability that is not there: left out, as Moodle's join does.
    #[error("role {1} is defined for {0}, which is not there")]
    UnknownCapability(CapabilityName, RoleId),
    /// A second definition of the same role, context and capability: the last one counts.
    #[error("role {1} is defined twice in context {0} for {2}")]
    DefinedTwice(ContextId, RoleId, CapabilityName),
    /// A permission that is none of the four: it ends the walk and allows nothing, as in Moodle.
    #[error("role {1} has the permission {2} in context {0}, which is none of the four")]
    UnknownPermission(ContextId, RoleId, i64),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Contexts {
    all: Vec<Context>,
    by_id: FxHashMap<ContextId, usize>,
    at: Vec<Option<ContextId>>,
    users: FxHashSet<UserId>,
}

/// The ids of a path, or nothing if it is not one.
fn parse(path: &str) -> Option<Vec<ContextId>> {
    let ids = path.strip_prefix('/')?.split('/');
    ids.map(|id| {
        let digits = id.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| id.parse().ok().map(ContextId)).flatten()
    })
    .collect()
}

impl Contexts {
    /// Builds the tree; rows that do not fit are added to `unfit`.
    pub(crate) fn new<'a>(rows: impl IntoIterator<Item = &'a ContextRow>, unfit: &mut Vec<UnfitRow>) -> Self {
        let mut ids = FxHashSet::default();
        let rows: Vec<(&ContextRow, Vec<ContextId>)> = rows
            .into_iter()
            .filter(|row| {
                let fresh = ids.insert(row.id);
                if !fresh {
                    unfit.push(UnfitRow::ContextTwice(row.id));
                }
                fresh
            })
            .map(|row| (row, parse(&row.path).unwrap_or_default()))
            .collect();

        // Sorted paths stand in the order of a walk through the tree: each before all below it.
        let mut places: Vec<&[ContextId]> =
            rows.iter().flat_map(|(_, path)| (1..=path.len()).filter_map(|length| path.get(..length))).collect();
        places.sort_unstable();
        places.dedup();
        let place = |path: &[ContextId]| {
            let first = places.binary_search(&path).ok()?;
            let below = places.get(first..)?;
            Some(Place { first, end: first + below.partition_point(|place| place.starts_with(path)) })
        };

        let mut tree = Self { at: vec![None; places.len()], ..Self::default() };
        for (row, path) in &rows {
            let place = place(path);
            match place {
                None if !row.path.is_empty() => unfit.push(UnfitRow::Path(row.id)),
                Some(_) if row.depth != 0 => {}
                _ => unfit.push(UnfitRow::NoPath(row.id)),
            }
            if let Some(here) = place.and_then(|place| tree.at.get_mut(place.first)) {
                // Where rows disagree about a place, its owner is the one that the path names.
                if here.is_none() || path.last() == Some(&row.id) {
                    *here = Some(row.id);
                }
            }
            if row.contextlevel == ContextLevel::User {
                tree.users.insert(UserId(row.instanceid));
            }
            tree.by_id.insert(row.id, tree.all.len());
            tree.all.push(Context {
                id: row.id,
                level: row.contextlevel,
                instance: row.instanceid,
                place,
                walkable: place.is_some() && row.depth != 0,
                locked_by: None,
                parent: path.iter().rev().nth(1).copied(),
                locked: row.locked,
            });
        }
        tree.locks(unfit);
        tree
    }

    /// Finds for each context the nearest locked one at or above it.
    ///
    /// Moodle asks the parent's row here, not the path, so that rows could go round in a circle.
    fn locks(&mut self, unfit: &mut Vec<UnfitRow>) {
        let nearest: Vec<Option<ContextId>> = self
            .all
            .iter()
            .map(|context| {
                let mut here = Some(context);
                for _ in 0..=DEEPEST {
                    let at = here?;
                    if at.locked {
                        return Some(at.id);
                    }
                    here = at.parent.and_then(|parent| self.get(parent));
                }
                unfit.push(UnfitRow::Cycle(context.id));
                None
            })
            .collect();
        for (context, locked_by) in self.all.iter_mut().zip(nearest) {
            context.locked_by = locked_by;
        }
    }

    pub(crate) fn get(&self, id: ContextId) -> Option<&Context> {
        self.by_id.get(&id).and_then(|&index| self.all.get(index))
    }

    pub(crate) fn all(&self) -> &[Context] {
        &self.all
    }

    /// The context that owns a place.
    pub(crate) fn at(&self, place: Place) -> Option<ContextId> {
        self.at.get(place.first).copied().flatten()
    }

    /// Whether there is a user context for this user, Moodle's test of existence.
    pub(crate) fn has_user(&self, user: UserId) -> bool {
        self.users.contains(&user)
    }

    /// The contexts from this one up to the system context.
    pub(crate) fn upwards(&self, id: ContextId) -> impl Iterator<Item = &Context> {
        let start = self.get(id);
        std::iter::successors(start, |context| context.parent.and_then(|parent| self.get(parent))).take(DEEPEST)
    }
}
