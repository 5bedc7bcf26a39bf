//! All lives with all their kill points, several at a time, and the account of them.
use super::audit::Audit;
use super::lane::{Outcome, live};
use super::lifecycle::Lifecycle;
use super::point::{Point, common, points};
use futures::StreamExt;
use futures::future::join;
use futures::stream::iter;
use std::fmt;
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::task::{JoinError, spawn_blocking};

/// How often a life is lived again in which the point did not come up: what is polled differs from run to run.
const TRIES: usize = 3;
/// At most one point in so many may fail to come up.
const RARE: usize = 4;
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

/// What came of the points of a life, or of all lives.
#[derive(Default)]
struct Account {
    kills: usize,
    total: Audit,
    /// Points that did not come up.
    missed: usize,
    /// Those of them that come up in every life, on every machine.
    lost: usize,
    stuck: usize,
    seconds: u64,
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
        let mut accounts = vec![];
        for lifecycle in &self.lifecycles {
            let started = Instant::now();
            let mut account = Account::default();
            let points = self.points(lifecycle).await;
            println!("{}: {} kill points", lifecycle.name, points.len());
            for point in &points {
                println!("  {point}");
            }
            for _ in 0..self.rounds {
                self.round(lifecycle, &points, &mut account).await;
            }
            account.seconds = started.elapsed().as_secs();
            accounts.push((lifecycle.name.as_str(), account));
        }
        close(accounts);
    }

    /// The points of a life, from two undisturbed ones: what comes up in one of them only depends on the time.
    async fn points(&self, lifecycle: &Lifecycle) -> Vec<Point> {
        let (one, other) = join(live(lifecycle, None), live(lifecycle, None)).await;
        for audit in [&one.audit, &other.audit] {
            assert!(audit.is_clean(), "{}, undisturbed: {audit:?}", lifecycle.name);
        }
        let mut points = points(&common(&one.record, &other.record));
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
            account.enter(&lifecycle.name, point, finding);
            done += 1;
            if done % PROGRESS == 0 {
                println!("{}: {done} of {}", lifecycle.name, points.len());
            }
        }
    }
}

impl Account {
    fn enter(&mut self, life: &str, point: &Point, finding: Finding) {
        match finding {
            Finding::Killed(audit) => {
                if !audit.is_clean() {
                    println!("VIOLATION at {life}, {point}: {audit:?}");
                }
                self.kills += 1;
                self.total += audit;
            }
            Finding::Missed => {
                println!("not reached in {TRIES} lives: {life}, {point}");
                self.missed += 1;
                self.lost += usize::from(point.is_certain());
            }
            Finding::Stuck(why) => {
                println!("STUCK at {life}, {point}: {why}");
                self.kills += 1;
                self.stuck += 1;
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.total += other.total;
        self.missed += other.missed;
        self.lost += other.lost;
        self.stuck += other.stuck;
        self.seconds += other.seconds;
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = &self.total;
        write!(
            f,
            "kill points: {}, duplicates: {}, orphans: {}, repeated acts: {}, undone acts: {}, stuck: {}, not reached: {}, seconds: {}",
            self.kills,
            total.duplicates,
            total.orphans,
            total.repeated,
            total.undone,
            self.stuck,
            self.missed,
            self.seconds
        )
    }
}

/// Tells what came of it, and panics unless everything is as it must be.
fn close(accounts: Vec<(&str, Account)>) {
    let mut all = Account::default();
    for (life, account) in accounts {
        println!("{life}: {account}");
        all.add(account);
    }
    println!("{all}");
    assert!(
        all.total.is_clean() && all.stuck == 0,
        "violations or lives that did not end, see above: {all}"
    );
    assert_eq!(
        all.lost, 0,
        "writes at the service that did not come up, see above"
    );
    assert!(all.missed * RARE <= all.kills, "too few points came up: {all}");
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
