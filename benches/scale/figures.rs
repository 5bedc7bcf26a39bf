//! The figures, as one Markdown table: one column for each measurement.
use super::rig::SPEED;
use super::run::INTERVAL;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

type Counts = BTreeMap<String, u64>;

/// A time at rest.
pub struct Rest {
    /// Its begin.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
    /// The processor time that the operator used.
    pub cpu: Duration,
}

/// What one measurement gave.
pub struct Figures {
    pub name: String,
    pub jobs: usize,
    /// The operation that answers one page of the list.
    pub list: Option<String>,
    pub intervals: u32,
    /// Seconds from the first create to the answer to the last one.
    pub apply: f64,
    /// Seconds from the first create to the last job that became ready.
    pub ready: f64,
    /// Seconds from apply to POST, sorted.
    pub delays: Vec<f64>,
    /// Kubernetes writes until all were ready.
    pub writes: Counts,
    /// Remote calls until all were ready.
    pub calls: Counts,
    /// The most calls of one operation within one second.
    pub busiest: usize,
    /// How many the vendor lets through.
    pub allowed: Option<usize>,
    pub made_again: usize,
    pub never_ready: usize,
    /// Processor time until all were ready, by program.
    pub cpu: BTreeMap<String, Duration>,
    /// Kubernetes writes between ready and rest.
    pub settling: Counts,
    pub rest_writes: Counts,
    pub rest_calls: Counts,
    pub rest_cpu: Duration,
    /// In KiB.
    pub memory: u64,
    /// In KiB.
    pub peak_memory: u64,
}

impl Figures {
    /// What must never be, whatever the machine.
    pub fn wrongs(&self) -> Vec<String> {
        let counts = [
            (self.made_again as u64, "remote jobs made more than once"),
            (self.never_ready as u64, "jobs never ready"),
            (sum(&self.rest_writes), "Kubernetes writes at rest"),
            (
                self.above() as u64,
                "calls of one operation in one second above what the vendor lets through",
            ),
            (
                (self.jobs - self.delays.len().min(self.jobs)) as u64,
                "jobs whose create is not in the logs",
            ),
        ];
        let wrong = counts.iter().filter(|(count, _)| *count > 0);
        wrong
            .map(|(count, what)| format!("{}: {count} {what}", self.name))
            .collect()
    }

    fn above(&self) -> usize {
        self.allowed
            .map_or(0, |allowed| self.busiest.saturating_sub(allowed))
    }

    fn per_job(&self, count: u64) -> f64 {
        count as f64 / self.jobs as f64
    }

    /// List pages and all other reads at rest.
    fn reads(&self) -> (u64, u64) {
        let pages = self.list.as_ref().and_then(|list| self.rest_calls.get(list));
        let pages = pages.copied().unwrap_or_default();
        (pages, sum(&self.rest_calls) - pages)
    }

    fn per_interval(&self, count: u64) -> f64 {
        count as f64 / f64::from(self.intervals)
    }

    /// A delay that this share of the jobs did not exceed.
    fn delay(&self, share: f64) -> f64 {
        let rank = (share * self.delays.len() as f64).ceil();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank within the list"
        )]
        let index = (rank as usize).saturating_sub(1);
        self.delays.get(index).copied().unwrap_or(f64::NAN)
    }
}

/// One table of all measurements.
pub fn table(measured: &[Figures]) -> String {
    let mut table = Table {
        measured,
        text: String::new(),
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let head = format!(
        "{cores} cores, sync interval {} s, cloud at {SPEED} times its speed",
        INTERVAL.as_secs()
    );
    table.row(&head, |f| f.name.clone());
    let _ = writeln!(table.text, "| --- |{}", " ---: |".repeat(measured.len()));
    table.row("Jobs applied", |f| f.jobs.to_string());
    table.row("All creates answered after", |f| format!("{:.1} s", f.apply));
    table.row("All Ready after", |f| format!("{:.1} s", f.ready));
    table.row("Apply to POST, p50", |f| format!("{:.2} s", f.delay(0.5)));
    table.row("Apply to POST, p99", |f| format!("{:.2} s", f.delay(0.99)));
    table.row("Kubernetes writes per job until Ready", |f| {
        format!("{:.2}", f.per_job(sum(&f.writes)))
    });
    table.each("writes to", |f| &f.writes, |f, n| format!("{:.2}", f.per_job(n)));
    table.row("Remote calls per job until Ready", |f| {
        format!("{:.2}", f.per_job(sum(&f.calls)))
    });
    table.each("", |f| &f.calls, |f, n| format!("{:.2}", f.per_job(n)));
    table.row("Most calls of one operation in a second", |f| match f.allowed {
        Some(allowed) => format!("{} of {allowed}", f.busiest),
        None => f.busiest.to_string(),
    });
    table.row("Remote jobs made more than once", |f| f.made_again.to_string());
    table.row("Jobs never Ready", |f| f.never_ready.to_string());
    table.row("CPU until Ready, all programs", |f| {
        format!("{:.1} s", f.cpu.values().sum::<Duration>().as_secs_f64())
    });
    table.each("", |f| &f.cpu, |f, time| millis(time, f.jobs as f64) + " per job");
    table.row("Kubernetes writes between Ready and rest", |f| {
        sum(&f.settling).to_string()
    });
    table.row("Intervals at rest", |f| f.intervals.to_string());
    table.row("Kubernetes writes at rest", |f| sum(&f.rest_writes).to_string());
    table.row("Remote reads per interval at rest", |f| {
        format!("{:.1}", f.per_interval(sum(&f.rest_calls)))
    });
    table.each("", |f| &f.rest_calls, |f, n| format!("{:.1}", f.per_interval(n)));
    table.row("List pages per 100 jobs and interval at rest", |f| {
        format!("{:.2}", 100.0 * f.per_job(f.reads().0) / f64::from(f.intervals))
    });
    table.row("Other reads per job and interval at rest", |f| {
        format!("{:.2}", f.per_job(f.reads().1) / f64::from(f.intervals))
    });
    table.row("CPU per job and interval at rest", |f| {
        millis(f.rest_cpu, f.jobs as f64 * f64::from(f.intervals))
    });
    table.row("RSS at the end", |f| mebibytes(f.memory));
    table.row("Peak RSS", |f| mebibytes(f.peak_memory));
    table.text
}

struct Table<'a> {
    measured: &'a [Figures],
    text: String,
}

impl Table<'_> {
    fn row(&mut self, title: &str, cell: impl Fn(&Figures) -> String) {
        let cells: Vec<String> = self.measured.iter().map(cell).collect();
        let _ = writeln!(self.text, "| {title} | {} |", cells.join(" | "));
    }

    /// One row for each thing that was counted or measured.
    fn each<T: Copy + Default>(
        &mut self,
        title: &str,
        of: impl Fn(&Figures) -> &BTreeMap<String, T>,
        cell: impl Fn(&Figures, T) -> String,
    ) {
        let names: BTreeSet<String> = self.measured.iter().flat_map(|f| of(f).keys().cloned()).collect();
        for name in names {
            let title = format!("– {title} {name}").replace("  ", " ");
            self.row(&title, |f| cell(f, of(f).get(&name).copied().unwrap_or_default()));
        }
    }
}

fn sum(counts: &Counts) -> u64 {
    counts.values().sum()
}

fn millis(time: Duration, shares: f64) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0 / shares)
}

fn mebibytes(kibibytes: u64) -> String {
    format!("{:.1} MiB", kibibytes as f64 / 1024.0)
}
