//! Everything that one run holds: world, clock, faults, log, kept state, callers and services.

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use crate::auth::{Gate, Principal, Scope};
use crate::call::Call;
use crate::cdm::DataMigration;
use crate::ckafka::Datahub;
use crate::clock::{Clock, Sim};
use crate::command::Failure;
use crate::dms::SmartConnect;
use crate::event_grid::EventRouter;
use crate::fault::Registry;
use crate::iam::Iam;
use crate::journal::Journal;
use crate::rate::Buckets;
use crate::reply::Refusal;
use crate::service::{Access, Hand, Route, Service};
use crate::store::{Kept, Store};
use crate::tencent::Sts;
use crate::world::{TokenRefusal, World};

/// One run.
pub(crate) struct Cloud {
    world: RwLock<Arc<World>>,
    /// Simulated time.
    pub(crate) clock: Clock,
    /// Faults.
    pub(crate) faults: Registry,
    /// Request log.
    pub(crate) journal: Journal,
    /// Kept state.
    pub(crate) store: Store,
    /// Callers.
    pub(crate) gate: Gate,
    /// Request limits.
    pub(crate) buckets: Buckets,
    services: Vec<Box<dyn Service>>,
}

impl Cloud {
    /// A run that goes on from what an earlier one kept.
    pub(crate) fn new(world: World, store: Store, journal: Journal, kept: Kept) -> Result<Self, Failure> {
        let cloud = Self {
            world: RwLock::new(Arc::new(world)),
            clock: Clock::new(kept.at),
            faults: Registry::default(),
            journal,
            store,
            gate: Gate::default(),
            buckets: Buckets::default(),
            // A further service is one more line here.
            services: vec![
                Box::new(EventRouter::default()),
                Box::new(SmartConnect::default()),
                Box::new(DataMigration::default()),
                Box::new(Iam),
                Box::new(Sts),
                Box::new(Datahub::default()),
            ],
        };
        for ((service, key), value) in kept.documents {
            cloud
                .restore(&service, &key, value)
                .map_err(|e| Failure::State(format!("{service} {key}: {e}")))?;
        }
        Ok(cloud)
    }

    fn restore(&self, service: &str, key: &str, value: Value) -> Result<(), String> {
        if service == crate::iam::NAME {
            return crate::iam::restore(&self.gate, key, value);
        }
        let service = self
            .services
            .iter()
            .find(|s| s.name() == service)
            .ok_or("no such service")?;
        service.restore(key, value)
    }

    /// The world as it is now.
    pub(crate) fn world(&self) -> Arc<World> {
        Arc::clone(&self.world.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Merges members into the world.
    pub(crate) fn change_world(&self, given: &Value) -> Result<Arc<World>, String> {
        let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
        let changed = Arc::new(world.merged(given)?);
        *world = Arc::clone(&changed);
        Ok(changed)
    }

    /// Simulated time.
    pub(crate) fn now(&self) -> Sim {
        self.clock.now()
    }

    /// The service and route of a request.
    pub(crate) fn route(&self, call: &Call) -> Option<(&dyn Service, Route)> {
        self.services
            .iter()
            .find_map(|service| service.route(call).map(|route| (service.as_ref(), route)))
    }

    /// The jobs, or whatever else a service keeps, under a name of the admin API.
    pub(crate) fn hand(&self, name: &str) -> Option<&dyn Hand> {
        let own = self.services.iter().find(|service| service.name() == name);
        own.and_then(|service| service.hand())
            .or_else(|| self.services.iter().find_map(|service| service.beside(name)))
    }

    /// Forgets jobs, tokens, locks, faults and the request log.
    pub(crate) fn reset(&self) {
        self.faults.clear();
        self.journal.clear();
        for service in &self.services {
            service.reset();
        }
        let mut memory = self.gate.memory();
        memory.keys.clear();
        memory.logins.clear();
        memory.tokens.clear();
        drop(memory);
        self.store.clear();
    }

    /// Verifies the caller as Huawei Cloud's gateway does, with the project in the path.
    pub(crate) fn admit(&self, call: &Call, route: &Route) -> Result<Option<Principal>, Refusal> {
        if route.access == Access::Open {
            return Ok(None);
        }
        let principal = self.gate.admit(self, call)?;
        if let Access::Project(project) = &route.access {
            self.check_project(call, &principal, project)?;
        }
        Ok(Some(principal))
    }

    /// Whether a bad token of this call is refused by the service and not in front of it.
    pub(crate) fn leaves_tokens_to_services(&self, call: &Call) -> bool {
        self.world().switches.auth.token_refusal == TokenRefusal::Service
            && !call.headers.contains_key("authorization")
            && call.headers.contains_key("x-auth-token")
    }

    fn check_project(&self, call: &Call, principal: &Principal, project: &str) -> Result<(), Refusal> {
        let world = self.world();
        let owned = world
            .huawei
            .projects
            .iter()
            .any(|p| p.id == project && p.domain_id == principal.domain_id);
        let scoped = match &principal.scope {
            None => true,
            Some(Scope::Project(scope)) => scope == project,
            // EventGrid, DMS and CDM are project-level services.
            Some(Scope::Domain) => false,
        };
        let named = call.header("x-project-id").is_none_or(|named| named == project);
        if owned && scoped && named {
            return Ok(());
        }
        Err(Refusal::gateway(
            403,
            "APIGW.0302",
            "The IAM user is not authorized to access the API.",
        ))
    }
}
