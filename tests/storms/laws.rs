//! What the operator may never do, judged by what is really the case and not by what it saw.
use crate::cluster::Object;
use crate::kind::{PlanOf, Step};
use crate::operator::Pass;
use crate::service::{Job, Request, Service, Sort, compression, is_switched, seek};
use crate::wish::IGNORED;
use replication_operator::api::policy::{DeletionPolicy, ManagementPolicy, ReplacePolicy};
use replication_operator::engine::plan::may_ever_write;

/// Notes that a user approved what is about to be done.
pub fn note_consent(pass: &mut Pass<'_>, plan: &PlanOf) {
    let hash = plan.shown.as_ref().map(|shown| &shown.hash);
    if hash.is_some() && hash == pass.object.approval.as_ref() {
        pass.cluster.consent = Some(pass.object.generation);
    }
}

/// Judges a request before it leaves.
pub fn judge(pass: &mut Pass<'_>, plan: &PlanOf, request: &Request) {
    let crimes = [
        unpermitted(pass),
        pass.cluster
            .object
            .is_none()
            .then(|| "3: sent for an object that is gone".into()),
        match request {
            Request::Create(desired, _) => beside(pass.service, &desired.name),
            Request::Move(id, step, ..) => at(pass, id).and_then(|job| touched(pass, job, Some(step))),
            Request::Delete(id) => {
                at(pass, id).and_then(|job| touched(pass, job, None).or_else(|| lost(pass, job)))
            }
        },
        match request {
            Request::Move(id, Step::Restart, ..) => at(pass, id).and_then(|job| restarted(pass, plan, job)),
            _ => None,
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

/// A restart that nobody approved, or that was asked for before the job came.
fn restarted(pass: &Pass<'_>, plan: &PlanOf, job: &Job) -> Option<String> {
    let hash = plan.shown.as_ref().map(|shown| &shown.hash);
    if pass.object.spec.management == ManagementPolicy::Plan && hash != pass.object.approval.as_ref() {
        return Some("7: a restart without an approval of its own".into());
    }
    let (_, asked) = pass.object.restart.as_ref()?;
    let claimed = pass
        .status
        .claim
        .as_ref()
        .is_some_and(|claim| claim.tick >= *asked);
    (job.made && claimed).then(|| "10: a restart of a job that is newer than the wish for it".into())
}

fn touched(pass: &Pass<'_>, job: &Job, step: Option<&Step>) -> Option<String> {
    let object = &pass.object;
    let is_named = object.spec.adopting && job.id == pass.service.elder_id();
    let adopted = is_named || pass.status.adopted_id.is_some() && job.taken;
    let marked = pass.sort() == Sort::Marked && job.has_our_mark();
    let surprising = pass.service.tick <= job.known_since();
    if !job.made && !marked && !adopted && !surprising && !job.doubtful {
        return Some(format!("8: the foreign job {}", job.id));
    }
    if !object.deleting && is_switched(&object.wish.definition, job) && !surprising {
        return Some(format!("9: the switched job {}", job.id));
    }
    match step {
        Some(Step::Update { definition, .. }) if object.ignored.iter().any(|path| path == IGNORED) => {
            let touched = compression(definition) != compression(&job.definition) && !surprising;
            touched.then(|| "6: an ignored field changes".into())
        }
        _ => None,
    }
}

/// Whether the job can only become as wished by a replacement. What somebody else made a job with is known from what the
/// service shows alone.
pub fn is_irreconcilable(object: &Object, job: &Job, service: &Service, secret: u32) -> bool {
    seek(&object.wish.definition) != seek(&job.definition)
        || service.misreports && !job.made
        || service.sort.replaces_for_secret() && job.secret != secret
}

/// A delete that nobody asked for.
fn lost(pass: &Pass<'_>, job: &Job) -> Option<String> {
    let object = &pass.object;
    let removed = object.deleting && object.spec.deletion == DeletionPolicy::Delete;
    let replaced = !object.deleting
        && object.spec.replace == ReplacePolicy::Recreate
        && is_irreconcilable(object, job, pass.service, pass.secret);
    (!removed && !replaced).then(|| format!("2: {} is deleted unasked", job.id))
}
