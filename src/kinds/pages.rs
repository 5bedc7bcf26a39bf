//! Puts the pages of a list together, and notices when they do not belong together: a part never passes for the whole.
use crate::remote::{Fault, RemoteError};
use std::collections::BTreeMap;

/// How often a list is begun anew because rows came or went while it was read.
const ROUNDS: usize = 3;

/// One page: the number of all rows, and its own, each with its id.
#[derive(Debug)]
pub struct Page<T> {
    /// How many rows the whole list has.
    pub total: Option<i64>,
    /// The rows of this page. There may be fewer than were asked for.
    pub rows: Vec<(Option<String>, T)>,
}

/// Reads a whole list of a vendor that counts the offset in rows, not in pages.
///
/// # Errors
/// When a page cannot be read, or the list does not hold still.
pub async fn read_all<T, F>(
    operation: &'static str,
    read: impl Fn(usize) -> F + Send,
) -> Result<Vec<T>, RemoteError>
where
    T: Send,
    F: Future<Output = Result<Page<T>, RemoteError>> + Send,
{
    let mut rounds = 1;
    let mut pages = Pages::default();
    loop {
        let page = read(pages.read).await?;
        match pages.turn(page) {
            Turn::More => {}
            Turn::Complete => return Ok(pages.rows.into_values().collect()),
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
struct Pages<T> {
    total: Option<usize>,
    read: usize,
    rows: BTreeMap<String, T>,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            total: None,
            read: 0,
            rows: BTreeMap::new(),
        }
    }
}

impl<T> Pages<T> {
    /// Adds the next page.
    fn turn(&mut self, page: Page<T>) -> Turn {
        let Some(total) = page.total.and_then(|total| usize::try_from(total).ok()) else {
            return if self.read > 0 {
                Turn::Changed
            } else {
                Turn::Unreadable("a list without its total")
            };
        };
        if *self.total.get_or_insert(total) != total {
            return Turn::Changed;
        }
        let before = self.read;
        for (id, row) in page.rows {
            let Some(id) = id else {
                return Turn::Unreadable("a row without its id");
            };
            self.read += 1;
            self.rows.insert(id, row);
        }
        match (self.read >= total, self.rows.len() == total) {
            (true, true) => Turn::Complete,
            (true, false) => Turn::Changed,
            (false, _) if self.read == before => Turn::Changed,
            (false, _) => Turn::More,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Range;

    fn page(total: Option<i64>, ids: Range<usize>) -> Page<usize> {
        Page {
            total,
            rows: ids.map(|id| (Some(id.to_string()), id)).collect(),
        }
    }

    fn turn(pages: &mut Pages<usize>, total: i64, ids: Range<usize>) -> Turn {
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
        assert_eq!(pages.read, 100);
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
        assert_eq!(Pages::<usize>::default().turn(page(None, 0..0)), unreadable);
        let nameless = Page {
            total: Some(1),
            rows: vec![(None, 1)],
        };
        assert_eq!(
            Pages::default().turn(nameless),
            Turn::Unreadable("a row without its id")
        );
    }
}
