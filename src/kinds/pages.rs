//! Puts the pages of a list together, and notices when they do not belong together: a part never passes for the whole.
use crate::engine::kind::Observed;
use crate::remote::{Fault, RemoteError};

/// How often a list is begun anew because rows came or went while it was read.
const ROUNDS: usize = 3;

/// One page: the number of all rows, and its own.
#[derive(Debug)]
pub struct Page<D, F> {
    /// How many rows the whole list has.
    pub total: Option<i64>,
    /// The rows of this page, reduced to what is seen, because thousands are held at once; `None` for one that does not
    /// say which job it is. There may be fewer than were asked for.
    pub rows: Vec<Option<Observed<D, F>>>,
}

/// Reads a whole list, page by page from the number of rows that were read.
///
/// # Errors
/// When a page cannot be read, or the list does not hold still.
pub async fn read_all<D, F, R>(
    operation: &'static str,
    read: impl Fn(usize) -> R + Send,
) -> Result<Vec<Observed<D, F>>, RemoteError>
where
    D: Send,
    F: Send,
    R: Future<Output = Result<Page<D, F>, RemoteError>> + Send,
{
    let mut rounds = 1;
    let mut pages = Pages::default();
    loop {
        let page = read(pages.rows.len()).await?;
        match pages.turn(page) {
            Turn::More => {}
            Turn::Complete => return Ok(pages.rows),
            Turn::Changed if rounds < ROUNDS => {
                rounds += 1;
                pages = Pages::default();
            }
            Turn::Changed => {
                let why = "the list changed while it was read";
                return Err(RemoteError::new(operation, Fault::Transient, why));
            }
            Turn::Unreadable(why) => return Err(RemoteError::new(operation, Fault::Malformed, why)),
        }
    }
}

/// What a page means for the list.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    /// More pages follow.
    More,
    /// That was all.
    Complete,
    /// Rows came or went between two pages, so that one may be missing: begin anew.
    Changed,
    /// The answer is not a page of a list.
    Unreadable(&'static str),
}

/// The pages read so far.
#[derive(Debug)]
struct Pages<D, F> {
    total: Option<usize>,
    rows: Vec<Observed<D, F>>,
}

impl<D, F> Default for Pages<D, F> {
    fn default() -> Self {
        Self {
            total: None,
            rows: vec![],
        }
    }
}

impl<D, F> Pages<D, F> {
    /// Adds the next page.
    fn turn(&mut self, page: Page<D, F>) -> Turn {
        let Some(total) = page.total.and_then(|total| usize::try_from(total).ok()) else {
            return if self.rows.is_empty() {
                Turn::Unreadable("a list without its total")
            } else {
                Turn::Changed
            };
        };
        if *self.total.get_or_insert(total) != total {
            return Turn::Changed;
        }
        let empty = page.rows.is_empty();
        for row in page.rows {
            let Some(row) = row else {
                return Turn::Unreadable("a row without its id");
            };
            self.rows.push(row);
        }
        if self.rows.len() < total {
            return if empty { Turn::Changed } else { Turn::More };
        }
        self.rows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        self.rows.dedup_by(|a, b| a.id == b.id);
        if self.rows.len() == total {
            Turn::Complete
        } else {
            Turn::Changed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Range;

    fn row(id: usize) -> Observed<(), ()> {
        Observed {
            id: id.to_string(),
            name: String::new(),
            mark: None,
            created_at: None,
            state: String::new(),
            definition: None,
            failure: None,
            facts: (),
        }
    }

    fn page(total: Option<i64>, ids: Range<usize>) -> Page<(), ()> {
        Page {
            total,
            rows: ids.map(|id| Some(row(id))).collect(),
        }
    }

    fn turn(pages: &mut Pages<(), ()>, total: i64, ids: Range<usize>) -> Turn {
        pages.turn(page(Some(total), ids))
    }

    #[test]
    fn an_empty_list_is_complete() {
        assert_eq!(turn(&mut Pages::default(), 0, 0..0), Turn::Complete);
    }

    #[test]
    fn pages_add_up() {
        let mut pages = Pages::default();
        assert_eq!(turn(&mut pages, 150, 0..100), Turn::More);
        assert_eq!(pages.rows.len(), 100);
        assert_eq!(turn(&mut pages, 150, 100..150), Turn::Complete);
        assert_eq!(pages.rows.len(), 150);
    }

    #[test]
    fn a_service_with_smaller_pages_is_read_to_the_end() {
        let mut pages = Pages::default();
        assert_eq!(turn(&mut pages, 30, 0..15), Turn::More);
        assert_eq!(turn(&mut pages, 30, 15..30), Turn::Complete);
    }

    #[test]
    fn a_changed_total_begins_anew() {
        let mut pages = Pages::default();
        assert_eq!(turn(&mut pages, 150, 0..100), Turn::More);
        assert_eq!(turn(&mut pages, 149, 100..149), Turn::Changed);
    }

    #[test]
    fn a_row_seen_twice_means_that_another_was_missed() {
        let mut pages = Pages::default();
        assert_eq!(turn(&mut pages, 150, 0..100), Turn::More);
        assert_eq!(turn(&mut pages, 150, 99..149), Turn::Changed);
    }

    #[test]
    fn an_empty_page_before_the_end_begins_anew() {
        let mut pages = Pages::default();
        assert_eq!(turn(&mut pages, 150, 0..100), Turn::More);
        assert_eq!(turn(&mut pages, 150, 0..0), Turn::Changed);
        assert_eq!(turn(&mut Pages::default(), 2, 0..0), Turn::Changed);
    }

    #[test]
    fn the_end_of_the_list_before_its_total_begins_anew() {
        let mut pages = Pages::default();
        assert_eq!(turn(&mut pages, 150, 0..100), Turn::More);
        assert_eq!(pages.turn(page(None, 0..0)), Turn::Changed);
    }

    #[test]
    fn an_answer_that_is_no_list_is_not_an_empty_one() {
        let unreadable = Turn::Unreadable("a list without its total");
        assert_eq!(Pages::<(), ()>::default().turn(page(None, 0..0)), unreadable);
        let nameless = Page {
            total: Some(1),
            rows: vec![None],
        };
        assert_eq!(
            Pages::<(), ()>::default().turn(nameless),
            Turn::Unreadable("a row without its id")
        );
    }
}
