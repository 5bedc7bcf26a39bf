//! Who depends on which Secret, account and other object, and how they are woken when it changes; decides nothing.
use super::account::AccountKey;
use super::peer::PeerKey;
use kube::runtime::reflector::{Lookup, ObjectRef};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What an object can depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dependency {
    /// A Secret, by namespace and name.
    Secret(String, String),
    /// An account.
    Account(AccountKey),
    /// Another object of the group.
    Object(PeerKey),
}

/// One object: its controller, namespace (empty for cluster-wide objects) and name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dependent {
    /// The controller that reconciles it.
    pub controller: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// A wake-up call for one object of a controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wake {
    /// The namespace of the object; empty for cluster-wide objects.
    pub namespace: String,
    /// The name of the object.
    pub name: String,
}

impl Wake {
    /// The reference by which a controller knows the object.
    pub fn object<K: Lookup<DynamicType = ()>>(&self) -> ObjectRef<K> {
        let object = ObjectRef::new(&self.name);
        if self.namespace.is_empty() {
            object
        } else {
            object.within(&self.namespace)
        }
    }
}

/// The switchboard between changed things and the objects that depend on them.
#[derive(Default)]
pub struct Wakes {
    board: Mutex<Board>,
    senders: Mutex<HashMap<&'static str, Vec<UnboundedSender<Wake>>>>,
}

#[derive(Default)]
struct Board {
    dependents: HashMap<Dependency, HashSet<Arc<Dependent>>>,
    dependencies: HashMap<Arc<Dependent>, Vec<Dependency>>,
}

impl Wakes {
    /// The wake-up calls of a controller, from now on.
    pub fn listen(&self, controller: &'static str) -> UnboundedReceiver<Wake> {
        let (sender, receiver) = unbounded_channel();
        lock(&self.senders).entry(controller).or_default().push(sender);
        receiver
    }

    /// Replaces what an object depends on.
    pub fn depend(&self, dependent: &Dependent, dependencies: Vec<Dependency>) {
        let mut board = lock(&self.board);
        if board.dependencies.get(dependent) == Some(&dependencies) {
            return;
        }
        board.remove(dependent);
        let dependent = Arc::new(dependent.clone());
        for dependency in &dependencies {
            board
                .dependents
                .entry(dependency.clone())
                .or_default()
                .insert(dependent.clone());
        }
        if !dependencies.is_empty() {
            board.dependencies.insert(dependent, dependencies);
        }
    }

    /// Forgets an object that is gone.
    pub fn forget(&self, dependent: &Dependent) {
        lock(&self.board).remove(dependent);
    }

    /// Whether anything depends on it.
    pub fn is_needed(&self, dependency: &Dependency) -> bool {
        lock(&self.board).dependents.contains_key(dependency)
    }

    /// Every account that something depends on.
    pub fn accounts(&self) -> Vec<AccountKey> {
        let board = lock(&self.board);
        let account = |dependency: &Dependency| match dependency {
            Dependency::Account(key) => Some(key.clone()),
            Dependency::Secret(..) | Dependency::Object(_) => None,
        };
        board.dependents.keys().filter_map(account).collect()
    }

    /// Wakes every object that depends on it.
    pub fn changed(&self, dependency: &Dependency) {
        let dependents: Vec<_> = lock(&self.board)
            .dependents
            .get(dependency)
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        for dependent in dependents {
            self.wake(dependent.controller, &dependent.namespace, &dependent.name);
        }
    }

    /// Wakes one object. A controller that is not listening is not running.
    pub fn wake(&self, controller: &'static str, namespace: &str, name: &str) {
        let wake = Wake {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        };
        for sender in lock(&self.senders).get(controller).into_iter().flatten() {
            // A receiver that is gone belongs to a controller that has ended.
            let _ = sender.send(wake.clone());
        }
    }
}

impl Board {
    fn remove(&mut self, dependent: &Dependent) {
        for dependency in self.dependencies.remove(dependent).unwrap_or_default() {
            if let Some(dependents) = self.dependents.get_mut(&dependency) {
                dependents.remove(dependent);
                if dependents.is_empty() {
                    self.dependents.remove(&dependency);
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(name: &str) -> Dependent {
        Dependent {
            controller: "jobs",
            namespace: "ns".into(),
            name: name.into(),
        }
    }

    fn secret(name: &str) -> Dependency {
        Dependency::Secret("ns".into(), name.into())
    }

    #[test]
    fn only_those_who_depend_on_a_thing_are_woken_by_it() {
        let wakes = Wakes::default();
        let mut calls = wakes.listen("jobs");
        wakes.depend(&job("a"), vec![secret("x")]);
        wakes.depend(&job("b"), vec![secret("y")]);
        wakes.changed(&secret("x"));
        assert_eq!(calls.try_recv().unwrap().name, "a");
        assert!(calls.try_recv().is_err());
    }

    #[test]
    fn a_dependency_that_was_given_up_wakes_nobody() {
        let wakes = Wakes::default();
        let mut calls = wakes.listen("jobs");
        wakes.depend(&job("a"), vec![secret("x")]);
        wakes.depend(&job("a"), vec![secret("y")]);
        wakes.changed(&secret("x"));
        assert!(calls.try_recv().is_err() && !wakes.is_needed(&secret("x")) && wakes.is_needed(&secret("y")));
        wakes.forget(&job("a"));
        assert!(!wakes.is_needed(&secret("y")));
    }
}
