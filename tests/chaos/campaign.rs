//! All lives with all their kill points, several at a time, and the account of them.
use super::audit::Audit;
use super::lane::{Outcome, live};
use super::lifecycle::Lifecycle;
use super::point::{Point, points};
use futures::StreamExt;
use futures::stream::iter;
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::task::{JoinError, spawn_blocking};

/// How often a life is lived again in which the point did not come up: what is polled differs from run to run.
const TRIES: usize = 3;
/// At most one point in so many may fail to come up.
const RARE: usize = 20;
/// A line of progress after so many points.
const PROGRESS: usize = 10;

/// What is to be run.
pub struct Campaign {
    lifecycles: Vec<Lifecycle>,
    rounds: usize,
    lanes: usize,
    only: Option<String>,
}

/// What became of one point.
enum Finding {
    Killed(Audit),
    /// It did not come up.
    Missed,
    /// The operator did not finish.
    Stuck(String),
}

#[derive(Default)]
struct Account {
    audits: Vec<Audit>,
    missed: usize,
    stuck: usize,
}

/// A number from the environment.
pub fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

impl Campaign {
    /// Every point of these lives, so many times.
    pub fn new(lifecycles: &[Lifecycle], rounds: usize) -> Self {
        Self {
            lifecycles: lifecycles.to_vec(),
            rounds,
            lanes: setting("CHAOS_LANES", 8),
            only: std::env::var("CHAOS_ONLY").ok(),
        }
    }

    /// Runs it, and panics unless everything is as it must be.
    pub async fn run(&self) {
        let started = Instant::now();
        let mut account = Account::default();
        for lifecycle in &self.lifecycles {
            let points = self.points(lifecycle).await;
            println!("{}: {} kill points", lifecycle.name, points.len());
            for point in &points {
                println!("  {point}");
            }
            for _ in 0..self.rounds {
                self.round(lifecycle, &points, &mut account).await;
            }
        }
        println!("took {} s", started.elapsed().as_secs());
        account.close();
    }

    /// The points of a life, from an undisturbed one.
    async fn points(&self, lifecycle: &Lifecycle) -> Vec<Point> {
        let outcome = live(lifecycle, None).await;
        let audit = &outcome.audit;
        assert!(audit.is_clean(), "{}, undisturbed: {audit:?}", lifecycle.name);
        let mut points = points(&outcome.record);
        if let Some(only) = &self.only {
            points.retain(|point| point.to_string().contains(only));
        }
        points
    }

    async fn round(&self, lifecycle: &Lifecycle, points: &[Point], account: &mut Account) {
        let lives = iter(points).map(|point| async move { (point, strike(lifecycle, point).await) });
        let mut findings = lives.buffer_unordered(self.lanes);
        let mut done = 0;
        while let Some((point, finding)) = findings.next().await {
            account.enter(&format!("{}, {point}", lifecycle.name), finding);
            done += 1;
            if done % PROGRESS == 0 {
                println!("{}: {done} of {}", lifecycle.name, points.len());
            }
        }
    }
}

impl Account {
    fn enter(&mut self, what: &str, finding: Finding) {
        match finding {
            Finding::Killed(audit) => {
                if !audit.is_clean() {
                    println!("VIOLATION at {what}: {audit:?}");
                }
                self.audits.push(audit);
            }
            Finding::Missed => {
                println!("not reached in {TRIES} lives: {what}");
                self.missed += 1;
            }
            Finding::Stuck(why) => {
                println!("STUCK at {what}: {why}");
                self.stuck += 1;
            }
        }
    }

    fn close(self) {
        let kills = self.audits.len() + self.stuck;
        let total: Audit = self.audits.into_iter().sum();
        println!(
            "kill points: {kills}, duplicates: {}, orphans: {}, repeated acts: {}",
            total.duplicates, total.orphans, total.repeated
        );
        let clean = total.is_clean() && self.stuck == 0;
        assert!(
            clean,
            "violations, undone acts or lives that did not end: see above"
        );
        assert!(
            self.missed * RARE <= kills,
            "{} points did not come up",
            self.missed
        );
    }
}

/// Kills at this point, in another life where it did not come up in the first.
async fn strike(lifecycle: &Lifecycle, point: &Point) -> Finding {
    for _ in 0..TRIES {
        let (lifecycle, point) = (lifecycle.clone(), point.clone());
        let runtime = Handle::current();
        let life = spawn_blocking(move || runtime.block_on(live(&lifecycle, Some(point))));
        match life.await {
            Ok(Outcome { killed: false, .. }) => {}
            Ok(outcome) => return Finding::Killed(outcome.audit),
            Err(error) => return Finding::Stuck(reason(error)),
        }
    }
    Finding::Missed
}

fn reason(error: JoinError) -> String {
    let panic = error.into_panic();
    panic
        .downcast::<String>()
        .map_or_else(|_| "it panicked".to_owned(), |text| *text)
}
