//! Rules about the inputs that say how a job is run, from the vendor's page Job Parameter Description. No I/O.
use crate::kinds::cdm::resource::list;
use kube::core::{Message, Rule};

/// Inputs that hold `true` or `false`.
const BOOLEANS: [(&str, &str); 5] = [
    ("throttlingConfig", "submitToCluster"),
    ("throttlingConfig", "recordDirtyData"),
    ("throttlingConfig", "throttling"),
    ("schedulerConfig", "isSchedulerJob"),
    ("smnConfig", "isNeedNotification"),
];

/// Inputs that hold whole numbers.
const NUMBERS: [(&str, &str); 9] = [
    ("throttlingConfig", "numExtractors"),
    ("throttlingConfig", "numLoaders"),
    ("throttlingConfig", "numSplits"),
    ("throttlingConfig", "splitRetryTime"),
    ("throttlingConfig", "maxErrorRecords"),
    ("throttlingConfig", "concurrentSubJobs"),
    ("throttlingConfig", "byteRate"),
    ("throttlingConfig", "recordRate"),
    ("schedulerConfig", "cycle"),
];

/// The schema of `driver`.
pub(super) fn inputs(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "maxProperties": 16,
        "additionalProperties": {
            "type": "object",
            "maxProperties": 32,
            "additionalProperties": { "type": "string", "maxLength": 1024 },
        },
    })
}

fn value(config: &str, input: &str) -> String {
    format!("self.?{config}.?{input}.orValue('')")
}

/// A rule about the value of an input, where it is given. Read by its key, a value has the length that the schema allows,
/// by which costs are estimated.
fn about(config: &str, input: &str, rule: impl Fn(&str) -> String) -> String {
    let rule = rule(&format!("self['{config}']['{input}']"));
    format!("(!('{config}' in self) || !('{input}' in self['{config}']) || {rule})")
}

fn every(inputs: &[(&str, &str)], pattern: &str, message: &str) -> Rule {
    let tests: Vec<String> = inputs
        .iter()
        .map(|(config, input)| about(config, input, |value| format!("{value}.matches('{pattern}')")))
        .collect();
    let names: Vec<&str> = inputs.iter().map(|(_, input)| *input).collect();
    Rule::new(tests.join(" && ")).message(Message::Message(format!(
        "driver: {} {message}",
        names.join(", ")
    )))
}

/// Names stand without the configuration in front.
pub(super) fn no_prefix() -> Rule {
    Rule::new("self.all(c, self[c].all(i, !i.startsWith(c + '.')))")
        .message("driver inputs are written below their configuration and without its name in front: take the prefix off")
}

pub(super) fn booleans() -> Rule {
    every(&BOOLEANS, "^(true|false)?$", "must be \"true\" or \"false\"")
}

pub(super) fn numbers() -> Rule {
    every(&NUMBERS, "^([0-9]{1,10})?$", "must be whole numbers")
}

pub(super) fn channel_capacity() -> Rule {
    every(
        &[("throttlingConfig", "channelCapacityMb")],
        "^([1-9]|[1-9][0-9]|[1-4][0-9][0-9]|500)?$",
        "must be from 1 to 500",
    )
}

/// An input whose words are known.
pub(super) fn words(config: &str, input: &str, known: &[&str]) -> Rule {
    let mut allowed = known.to_vec();
    allowed.push("");
    Rule::new(format!("{} in {}", value(config, input), list(&allowed))).message(Message::Message(format!(
        "driver.{config}.{input} must be one of {}",
        known.join(", ")
    )))
}

/// A schedule says when.
pub(super) fn schedule() -> Rule {
    let given: Vec<String> = ["cycleType", "cycle", "startDate"]
        .iter()
        .map(|input| format!("{} != ''", value("schedulerConfig", input)))
        .collect();
    let on = value("schedulerConfig", "isSchedulerJob");
    Rule::new(format!("{on} != 'true' || ({})", given.join(" && "))).message(
        "driver.schedulerConfig needs cycleType, cycle and startDate when isSchedulerJob is \"true\": add them",
    )
}

/// A moment in the cluster's own time zone.
pub(super) fn date(input: &str) -> Rule {
    every(
        &[("schedulerConfig", input)],
        "^([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})?$",
        "must be written as yyyy-MM-dd HH:mm:ss, in the time zone of the cluster",
    )
}

/// What `runAt` means depends on the unit; minutes and days ignore it.
pub(super) fn run_at() -> Rule {
    let unit = value("schedulerConfig", "cycleType");
    let all = |unit_is: &str, one: &str| {
        about("schedulerConfig", "runAt", |at| {
            format!("({unit} != '{unit_is}' || {at}.matches('^({one}(,{one})*)?$'))")
        })
    };
    let tests = [
        all("hour", "[0-5]?[0-9]"),
        all("week", "(mon|tue|wed|thu|fri|sat|sun)"),
        all("month", "([1-9]|[12][0-9]|3[01])"),
    ];
    Rule::new(tests.join(" && ")).message(
        "driver.schedulerConfig.runAt must be minutes (0-59) by the hour, days (mon to sun) by the week or days (1-31) by the month, joined by commas",
    )
}
