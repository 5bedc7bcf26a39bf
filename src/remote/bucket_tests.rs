//! The bucket under a clock that only the tests turn.
use super::*;
use futures::future::join_all;
use std::sync::Arc;

fn reads() -> Bucket {
    Bucket::new(Rate {
        requests_per_second: 5.0,
        burst: 10,
    })
}

#[tokio::test(start_paused = true)]
async fn no_window_holds_more_than_burst_and_pace() {
    let bucket = Arc::new(reads());
    let start = Instant::now();
    let callers = (0_u64..400).map(|n| {
        let bucket = Arc::clone(&bucket);
        async move {
            tokio::time::sleep(Duration::from_millis(n * 25)).await;
            bucket.turn().await.ok().map(|()| start.elapsed())
        }
    });
    let mut grants: Vec<Duration> = join_all(callers).await.into_iter().flatten().collect();
    grants.sort_unstable();
    assert!(grants.len() > 50, "{}", grants.len());
    for (n, from) in grants.iter().enumerate() {
        let within = grants
            .iter()
            .skip(n)
            .take_while(|at| **at < *from + Duration::from_secs(2));
        assert!(within.count() <= 10 + 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_wait_is_waited_and_a_long_one_is_not() {
    let bucket = Arc::new(reads());
    let start = Instant::now();
    let outcomes = join_all((0..1_000).map(|_| bucket.turn())).await;
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 12);
    assert!(start.elapsed() <= PATIENCE);
}

#[tokio::test(start_paused = true)]
async fn refused_callers_are_sent_away_one_after_another() {
    let bucket = Arc::new(reads());
    let mut hints: Vec<Duration> = join_all((0..1_000).map(|_| bucket.turn()))
        .await
        .into_iter()
        .filter_map(Result::err)
        .collect();
    hints.sort_unstable();
    for pair in hints.windows(2) {
        assert!(pair[1] >= pair[0] + Duration::from_millis(199), "{pair:?}");
    }
    assert!(*hints.last().unwrap() > Duration::from_secs(190));
}

#[tokio::test(start_paused = true)]
async fn a_complaint_closes_the_bucket_for_all() {
    let bucket = reads();
    bucket.turn().await.unwrap();
    assert_eq!(
        bucket.slow_down(Some(Duration::from_secs(30))),
        Duration::from_secs(30)
    );
    assert_eq!(bucket.left(), 0);
    assert!(bucket.turn().await.unwrap_err() >= Duration::from_secs(30));
    tokio::time::advance(Duration::from_secs(31)).await;
    bucket.turn().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn complaints_in_a_row_double_the_rest_up_to_five_minutes() {
    let bucket = reads();
    let mut rests = vec![];
    for _ in 0..8 {
        let rest = bucket.slow_down(None);
        // A second answer of the same moment does not count again.
        assert_eq!(bucket.slow_down(None), rest);
        rests.push(rest.as_secs());
        tokio::time::advance(rest).await;
    }
    assert_eq!(rests, [5, 10, 20, 40, 80, 160, 300, 300]);
    bucket.keep_on();
    assert_eq!(bucket.slow_down(None).as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_leaves_its_place() {
    let bucket = reads();
    for _ in 0..10 {
        bucket.turn().await.unwrap();
    }
    drop(tokio::time::timeout(Duration::from_millis(1), bucket.turn()).await);
    assert_eq!(bucket.state().waiting, 0);
    tokio::time::advance(Duration::from_secs(1)).await;
    bucket.turn().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_budget_refills() {
    let bucket = reads();
    assert_eq!(bucket.left(), 10);
    for _ in 0..4 {
        bucket.turn().await.unwrap();
    }
    assert_eq!(bucket.left(), 6);
    tokio::time::advance(Duration::from_millis(400)).await;
    assert_eq!(bucket.left(), 8);
    tokio::time::advance(Duration::from_mins(1)).await;
    assert_eq!(bucket.left(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_spared_while_half_of_the_burst_is_left_and_a_late_caller_takes_any() {
    let bucket = reads();
    let mut spared = 0;
    while bucket.spares(false) {
        bucket.turn().await.unwrap();
        spared += 1;
    }
    assert_eq!(spared, 5);
    while bucket.spares(true) {
        bucket.turn().await.unwrap();
        spared += 1;
    }
    assert_eq!(spared, 10);
    assert_eq!(
        bucket.turn().await,
        Ok(()),
        "who cannot wait is not sent further away by those who asked"
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_spared_until_everybody_who_was_sent_away_had_a_turn() {
    let bucket = Arc::new(reads());
    let start = Instant::now();
    let hints = join_all((0..30).map(|_| bucket.turn())).await;
    let last = hints.into_iter().filter_map(Result::err).max().unwrap();
    while start.elapsed() <= last {
        assert!(!bucket.spares(false), "{:?}", start.elapsed());
        tokio::time::advance(Duration::from_millis(200)).await;
    }
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(bucket.spares(false));
}
