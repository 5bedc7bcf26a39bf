//! Puts the pages of a list together, and notices when they do not belong together: a part never passes for the whole.
use crate::engine::kind::Seen;
use crate::kinds::event_router::EventRouter;
use crate::kinds::event_router::mapping::observed;
use crate::kinds::event_router::wire::JobPage;

/// How many jobs are asked for at once.
pub(super) const PAGE: usize = 100;

/// What a page means for the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// More pages follow.
    More,
    /// That was all.
    Complete,
    /// Jobs came or went between two pages, so that one may be missing: begin anew.
    Changed,
    /// The answer is not a page of a list.
    Unreadable(&'static str),
}

/// The pages read so far, reduced to what is seen: thousands of jobs are held at once. The vendor counts the offset in
/// jobs, not in pages.
#[derive(Debug, Default)]
pub(super) struct Pages {
    total: Option<usize>,
    jobs: Vec<Seen<EventRouter>>,
}

impl Pages {
    pub(super) fn offset(&self) -> usize {
        self.jobs.len()
    }

    /// Adds the next page. A page may hold fewer jobs than were asked for: the vendor documents no maximum.
    pub(super) fn turn(&mut self, page: JobPage) -> Turn {
        let Some(total) = page.total.and_then(|total| usize::try_from(total).ok()) else {
            return if self.offset() > 0 {
                Turn::Changed
            } else {
                Turn::Unreadable("a list without total")
            };
        };
        if *self.total.get_or_insert(total) != total {
            return Turn::Changed;
        }
        let empty = page.items.is_empty();
        for job in page.items {
            let Some(job) = observed(job) else {
                return Turn::Unreadable("a job without job_id");
            };
            self.jobs.push(job);
        }
        if self.offset() < total {
            return if empty { Turn::Changed } else { Turn::More };
        }
        self.jobs.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        self.jobs.dedup_by(|a, b| a.id == b.id);
        if self.jobs.len() == total {
            Turn::Complete
        } else {
            Turn::Changed
        }
    }

    pub(super) fn into_jobs(self) -> Vec<Seen<EventRouter>> {
        self.jobs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(total: i64, ids: std::ops::Range<usize>) -> JobPage {
        let items: Vec<_> = ids.map(|id| json!({ "job_id": format!("{id}") })).collect();
        serde_json::from_value(json!({ "total": total, "size": items.len(), "items": items })).unwrap()
    }

    #[test]
    fn an_empty_list_is_complete() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn(page(0, 0..0)), Turn::Complete);
        assert!(pages.into_jobs().is_empty());
    }

    #[test]
    fn pages_add_up() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn(page(150, 0..100)), Turn::More);
        assert_eq!(pages.offset(), 100);
        assert_eq!(pages.turn(page(150, 100..150)), Turn::Complete);
        assert_eq!(pages.into_jobs().len(), 150);
    }

    #[test]
    fn a_service_with_smaller_pages_is_read_to_the_end() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn(page(30, 0..15)), Turn::More);
        assert_eq!(pages.turn(page(30, 15..30)), Turn::Complete);
    }

    #[test]
    fn a_changed_total_begins_anew() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn(page(150, 0..100)), Turn::More);
        assert_eq!(pages.turn(page(149, 100..149)), Turn::Changed);
    }

    #[test]
    fn a_job_seen_twice_means_that_another_was_missed() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn(page(150, 0..100)), Turn::More);
        assert_eq!(pages.turn(page(150, 99..149)), Turn::Changed);
    }

    #[test]
    fn an_empty_page_before_the_end_begins_anew() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn(page(150, 0..100)), Turn::More);
        assert_eq!(pages.turn(page(150, 0..0)), Turn::Changed);
        let mut first = Pages::default();
        assert_eq!(first.turn(page(2, 0..0)), Turn::Changed);
    }

    #[test]
    fn the_end_of_the_list_before_its_total_begins_anew() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn(page(150, 0..100)), Turn::More);
        assert_eq!(pages.turn(JobPage::default()), Turn::Changed);
    }

    #[test]
    fn an_answer_that_is_no_list_is_not_an_empty_one() {
        assert_eq!(
            Pages::default().turn(JobPage::default()),
            Turn::Unreadable("a list without total")
        );
        let page = serde_json::from_value(json!({"total": 1, "items": [{}]})).unwrap();
        assert_eq!(
            Pages::default().turn(page),
            Turn::Unreadable("a job without job_id")
        );
    }
}
