//! What the operator may never do, judged by what is really the case and not by what it saw.
use crate::cluster::Object;
use crate::operator::{Pass, Plan};
use crate::service::{Job, Request, Service, compression, is_switched, seek};
use crate::wish::{ELDER, IGNORED};
use replication_operator::api::policy::{DeletionPolicy, ManagementPolicy, ReplacePolicy};
use replication_operator::engine::plan::may_ever_write;
use replication_operator::kinds::event_router::mapping::Move;

/// Notes that a user approved what is about to be done.
pub fn note_consent(pass: &mut Pass<'_>, plan: &Plan) {
    let hash = plan.shown.as_ref().map(|shown| &shown.hash);
    if hash.is_some() && hash == pass.object.approval.as_ref() {
        pass.cluster.consent = Some(pass.object.generation);
    }
}

/// Judges a request before it leaves.
pub fn judge(pass: &mut Pass<'_>, request: &Request) {
    let crimes = [
        unpermitted(pass),
        pass.cluster
            .object
            .is_none()
            .then(|| "3: sent for an object that is gone".into()),
        match request {
            Request::Create(desired, _) => beside(pass.service, &desired.name),
            Request::Move(id, step, _) => at(pass, id).and_then(|job| touched(pass, job, Some(step))),
            Request::Delete(id) => {
                at(pass, id).and_then(|job| touched(pass, job, None).or_else(|| lost(&pass.object, job)))
            }
        },
    ];
    for crime in crimes.into_iter().flatten() {
        pass.service.blame(format!("{crime}: {request:?}"));
    }
}

fn at<'a>(pass: &'a Pass<'_>, id: &str) -> Option<&'a Job> {
    pass.service.job(id).filter(|job| job.lives())
}

fn unpermitted(pass: &Pass<'_>) -> Option<String> {
    let object = &pass.object;
    let management = object.spec.management;
    let waits = management == ManagementPolicy::Plan && pass.cluster.consent != Some(object.generation);
    (waits || !may_ever_write(management)).then(|| format!("7: sent under {management:?}"))
}

/// A job beside one that has the name already.
fn beside(service: &Service, name: &str) -> Option<String> {
    let namesake = |job: &&Job| job.lives() && !job.made && job.definition.name == name;
    let found = service
        .jobs
        .iter()
        .filter(namesake)
        .find(|job| service.tick > job.known_since());
    found.map(|job| format!("8: a create beside {}", job.id))
}

fn touched(pass: &Pass<'_>, job: &Job, step: Option<&Move>) -> Option<String> {
    let object = &pass.object;
    let adopted =
        object.spec.adopting && job.id == ELDER || pass.status.adopted_id.as_deref() == Some(&job.id);
    let surprising = pass.service.tick <= job.known_since();
    if !job.made && !job.has_our_mark() && !adopted && !surprising {
        return Some(format!("8: the foreign job {}", job.id));
    }
    if !object.deleting && is_switched(&object.wish.definition, job) && !surprising {
        return Some(format!("9: the switched job {}", job.id));
    }
    match step {
        Some(Move::Update { definition }) if object.ignored.iter().any(|path| path == IGNORED) => {
            let touched = compression(definition) != compression(&job.definition) && !surprising;
            touched.then(|| "6: an ignored field changes".into())
        }
        _ => None,
    }
}

/// A delete that nobody asked for.
fn lost(object: &Object, job: &Job) -> Option<String> {
    let removed = object.deleting && object.spec.deletion == DeletionPolicy::Delete;
    let replaced = !object.deleting
        && object.spec.replace == ReplacePolicy::Recreate
        && seek(&object.wish.definition) != seek(&job.definition);
    (!removed && !replaced).then(|| format!("2: {} is deleted unasked", job.id))
}
