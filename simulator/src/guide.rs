//! The text at the end of `--help`, enough to use the tool without other pages.

/// The text.
pub(crate) const TEXT: &str = concat!(
    include_str!("guide/use.txt"),
    include_str!("guide/switches.txt"),
    include_str!("guide/dms.txt"),
    include_str!("guide/cdm.txt"),
    include_str!("guide/tencent.txt"),
);

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::TEXT;
    use crate::world::World;

    fn names(value: &Value, at: &str, all: &mut Vec<String>) {
        let open = [
            "switches.rateLimit",
            "switches.eventGrid.statuses",
            "switches.eventGrid.matrix",
            "switches.dms.statuses",
            "switches.dms.matrix",
            "switches.dms.codes",
            "switches.cdm.matrix",
        ];
        match value.as_object().filter(|_| !open.contains(&at)) {
            Some(members) => members
                .iter()
                .for_each(|(name, value)| names(value, &format!("{at}.{name}"), all)),
            None => all.push(at.to_owned()),
        }
    }

    #[test]
    fn every_switch_is_in_the_help() {
        let world = serde_json::to_value(World::default()).unwrap();
        let mut all = Vec::new();
        names(&world["switches"], "switches", &mut all);
        for name in all {
            let name = name.strip_prefix("switches.").unwrap().to_owned();
            assert!(TEXT.contains(&format!("  {name} ")), "{name} is not in the help");
        }
    }

    #[test]
    fn every_fault_of_the_help_is_a_fault() {
        let faults: Vec<&str> = TEXT
            .lines()
            .filter_map(|line| line.trim().strip_prefix("-d '")?.strip_suffix('\''))
            .collect();
        assert!(faults.len() >= 13, "{}", faults.len());
        for fault in faults {
            let parsed: Result<crate::fault::Fault, _> = serde_json::from_str(fault);
            assert!(parsed.is_ok(), "{fault}: {parsed:?}");
        }
    }
}
