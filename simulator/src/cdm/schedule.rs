//! When a job runs by itself: the schedule in the driver's values, and the timer that goes by it.

use jiff::Span;
use jiff::civil::{DateTime, Weekday};
use serde::{Deserialize, Serialize};

use super::run::{Goal, change};
use super::values::{Values, text};
use crate::clock::Sim;
use crate::ledger::Change;

/// A schedule.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Plan {
    unit: Unit,
    every: i64,
    at: Vec<i8>,
    start: DateTime,
    stop: Option<DateTime>,
}

/// `schedulerConfig.cycleType`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// Why a schedule cannot be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Wrong {
    /// The code of the catalogue.
    pub(super) code: &'static str,
    /// The input.
    pub(super) input: &'static str,
}

const CYCLE_TYPE: &str = "schedulerConfig.cycleType";
const CYCLE: &str = "schedulerConfig.cycle";
const RUN_AT: &str = "schedulerConfig.runAt";
const START: &str = "schedulerConfig.startDate";
const STOP: &str = "schedulerConfig.stopDate";

impl Plan {
    /// The schedule of a job; `None` when it has none.
    pub(super) fn of(driver: &Values) -> Result<Option<Self>, Wrong> {
        if text(driver, "schedulerConfig.isSchedulerJob") != "true" {
            return Ok(None);
        }
        let unit = match text(driver, CYCLE_TYPE) {
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            _ => return Err(wrong("Cdm.0014", CYCLE_TYPE)),
        };
        let every = text(driver, CYCLE)
            .parse()
            .ok()
            .filter(|n| (1..10_000).contains(n));
        let start = date(driver, START)?.ok_or_else(|| wrong("Cdm.0036", START))?;
        Ok(Some(Self {
            unit,
            every: every.ok_or_else(|| wrong("Cdm.0009", CYCLE))?,
            at: run_at(unit, text(driver, RUN_AT))?,
            start,
            stop: date(driver, STOP)?,
        }))
    }

    /// The first time after a moment.
    fn next(&self, after: DateTime) -> Option<DateTime> {
        let next = match self.unit {
            Unit::Minute => self.step(after, self.every * 60_000),
            Unit::Hour if self.at.is_empty() => self.step(after, self.every * 3_600_000),
            Unit::Hour => self.minutes(after),
            Unit::Day => self.step(after, self.every * 86_400_000),
            Unit::Week | Unit::Month => self.days(after),
        };
        next.filter(|next| self.stop.is_none_or(|stop| *next <= stop))
    }

    /// Equal steps from the start.
    fn step(&self, after: DateTime, step: i64) -> Option<DateTime> {
        let gone = millis(self.start, after);
        let steps = if gone < 0 { 0 } else { gone / step + 1 };
        later(self.start, steps.checked_mul(step)?)
    }

    /// Minutes of every so many hours.
    fn minutes(&self, after: DateTime) -> Option<DateTime> {
        let whole = self
            .start
            .with()
            .minute(0)
            .second(0)
            .subsec_nanosecond(0)
            .build()
            .ok()?;
        let step = self.every * 3_600_000;
        let first = (millis(whole, after) / step).max(0);
        (first..first + 3).find_map(|n| {
            let hour = later(whole, n * step)?;
            let mut all = self
                .at
                .iter()
                .filter_map(|minute| hour.with().minute(*minute).build().ok());
            all.find(|time| *time > after && *time >= self.start)
        })
    }

    /// Days of every so many weeks or months, at the time of the start.
    fn days(&self, after: DateTime) -> Option<DateTime> {
        let first = after.date().max(self.start.date());
        let reach = 31 * (self.every + 2);
        (0..reach).find_map(|n| {
            let day = first.checked_add(Span::new().try_days(n).ok()?).ok()?;
            let time = day.to_datetime(self.start.time());
            (self.is_day(time) && time > after && time >= self.start).then_some(time)
        })
    }

    fn is_day(&self, time: DateTime) -> bool {
        let (gone, own, start) = if self.unit == Unit::Week {
            let day = |at: DateTime| at.weekday().to_monday_zero_offset();
            (self.weeks(time), day(time), day(self.start))
        } else {
            let months = |at: DateTime| i64::from(at.year()) * 12 + i64::from(at.month());
            (months(time) - months(self.start), time.day(), self.start.day())
        };
        let listed = if self.at.is_empty() {
            own == start
        } else {
            self.at.contains(&own)
        };
        gone % self.every == 0 && listed
    }

    /// Weeks, from Monday on, since that of the start.
    fn weeks(&self, time: DateTime) -> i64 {
        let start = i64::from(self.start.weekday().to_monday_zero_offset()) * 86_400_000;
        let first = later(self.start, -start).unwrap_or(self.start);
        millis(first, time).div_euclid(7 * 86_400_000)
    }
}

fn wrong(code: &'static str, input: &'static str) -> Wrong {
    Wrong { code, input }
}

fn date(driver: &Values, name: &'static str) -> Result<Option<DateTime>, Wrong> {
    let given = text(driver, name);
    if given.is_empty() {
        return Ok(None);
    }
    DateTime::strptime("%Y-%m-%d %H:%M:%S", given)
        .map(Some)
        .map_err(|_| wrong("Cdm.0036", name))
}

/// What `runAt` lists; it is ignored for minutes and days.
fn run_at(unit: Unit, given: &str) -> Result<Vec<i8>, Wrong> {
    let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty());
    let number = |part: &str, low: i8, high: i8| part.parse().ok().filter(|n| (low..=high).contains(n));
    let mut all: Vec<i8> = parts
        .map(|part| {
            match unit {
                Unit::Minute | Unit::Day => Some(0),
                Unit::Hour => number(part, 0, 59),
                Unit::Week => weekday(part).map(Weekday::to_monday_zero_offset),
                Unit::Month => number(part, 1, 31),
            }
            .ok_or_else(|| wrong("Cdm.0014", RUN_AT))
        })
        .collect::<Result<_, _>>()?;
    all.sort_unstable();
    Ok(all)
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.to_ascii_lowercase().as_str() {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn millis(from: DateTime, to: DateTime) -> i64 {
    i64::try_from(from.duration_until(to).as_millis()).unwrap_or(i64::MAX)
}

fn later(from: DateTime, millis: i64) -> Option<DateTime> {
    from.checked_add(Span::new().try_milliseconds(millis).ok()?).ok()
}

/// A schedule under way. Its calendar begins at the wall clock and goes on by simulated time.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Timer {
    plan: Plan,
    since: Sim,
    local: DateTime,
    /// The next run.
    pub(super) change: Option<Change<Goal>>,
}

impl Timer {
    /// A timer that goes by a plan from now on; `local` is the cluster's time.
    pub(super) fn armed(plan: Plan, now: Sim, local: DateTime) -> Self {
        // Simulated time goes by milliseconds; what is finer would find the same moment for ever.
        let whole = local.with().microsecond(0).nanosecond(0).build();
        let mut timer = Self {
            plan,
            since: now,
            local: whole.unwrap_or(local),
            change: None,
        };
        timer.wind(now);
        timer
    }

    /// Looks for the next run after a moment.
    pub(super) fn wind(&mut self, at: Sim) {
        let after = later(self.local, at - self.since);
        let next = after.and_then(|after| self.plan.next(after));
        self.change = next.map(|next| change(Goal::Fire, self.since + millis(self.local, next)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn plan(unit: &str, every: &str, at: &str, start: &str) -> Plan {
        let mut driver = Map::new();
        let given = [
            ("isSchedulerJob", "true"),
            ("cycleType", unit),
            ("cycle", every),
            ("runAt", at),
            ("startDate", start),
        ];
        for (name, value) in given {
            driver.insert(format!("schedulerConfig.{name}"), json!(value));
        }
        Plan::of(&driver).unwrap().unwrap()
    }

    fn times(plan: &Plan, after: &str, many: usize) -> Vec<String> {
        let mut at: DateTime = after.parse().unwrap();
        (0..many)
            .map(|_| {
                at = plan.next(at).unwrap();
                at.to_string()
            })
            .collect()
    }

    #[test]
    fn every_cycle_type_finds_its_times() {
        let start = "2024-01-04 12:00:00";
        let cases = [
            (
                "minute",
                "30",
                "7",
                ["2024-02-01T10:30:00", "2024-02-01T11:00:00"],
            ),
            (
                "hour",
                "2",
                "15,45",
                ["2024-02-01T10:15:00", "2024-02-01T10:45:00"],
            ),
            ("hour", "3", "", ["2024-02-01T12:00:00", "2024-02-01T15:00:00"]),
            ("day", "2", "", ["2024-02-01T12:00:00", "2024-02-03T12:00:00"]),
            (
                "week",
                "1",
                "mon,fri",
                ["2024-02-02T12:00:00", "2024-02-05T12:00:00"],
            ),
            ("month", "1", "1", ["2024-02-01T12:00:00", "2024-03-01T12:00:00"]),
            ("month", "2", "31", ["2024-03-31T12:00:00", "2024-05-31T12:00:00"]),
        ];
        for (unit, every, at, expected) in cases {
            let plan = plan(unit, every, at, start);
            assert_eq!(
                times(&plan, "2024-02-01T10:00:00", 2),
                expected,
                "{unit} {every} {at}"
            );
        }
    }

    #[test]
    fn a_timer_always_goes_on() {
        let local: DateTime = "2024-02-01T10:00:00.123456789".parse().unwrap();
        let mut timer = Timer::armed(plan("day", "1", "", "2024-01-04 12:00:00"), 7, local);
        let mut due = || {
            let due = timer.change.as_ref().unwrap().due;
            timer.wind(due);
            due
        };
        let first = due();
        assert_eq!(first, 7 + 7_200_000 - 123);
        assert_eq!(due(), first + 86_400_000);
    }

    #[test]
    fn a_start_to_come_is_waited_for() {
        let plan = plan("day", "1", "", "2030-01-01 00:00:00");
        assert_eq!(times(&plan, "2024-02-01T10:00:00", 1), ["2030-01-01T00:00:00"]);
    }
}
