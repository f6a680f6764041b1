//! How much may change in one run before it is refused as unsafe: a half-exported roster must not undo the programme.
//! Knows the limits and the words of a refusal; what overrides each is said by the plan that asks.

/// The largest share of its employees that the roster may lose between two draws, in per cent.
pub const ROSTER_LOSS_PERCENT: usize = 30;

/// The largest share of the booked meetings that may be cancelled in one run, and that may be moved, in per cent.
pub const CHANGE_PERCENT: usize = 30;

/// Up to this number, cancellations or moves are safe whatever their share is.
pub const FEW_CHANGES: usize = 2;

/// Why a roster of `now` employees is unsafe after one of `before`, if it is.
pub fn roster_loss(before: usize, now: usize) -> Option<String> {
    let lost = before.saturating_sub(now);
    exceeds(lost, before, ROSTER_LOSS_PERCENT).then(|| {
        let percent = percent(lost, before);
        format!(
            "the roster has {now} employees, {percent}% fewer than the {before} at the last draw (limit \
             {ROSTER_LOSS_PERCENT}%)"
        )
    })
}

/// Why a roster that lacks `lost` of the `of` people in the rounds ahead is unsafe, if it is.
pub fn people_lost(lost: usize, of: usize) -> Option<String> {
    exceeds(lost, of, ROSTER_LOSS_PERCENT).then(|| {
        let percent = percent(lost, of);
        format!(
            "{lost} of the {of} people in the rounds ahead are no longer on the roster, {percent}% (limit \
             {ROSTER_LOSS_PERCENT}%): no round is changed"
        )
    })
}

/// Why it is unsafe that `left` of the `of` people on the roster are gone from their space, if it is.
pub fn members_lost(left: usize, of: usize) -> Option<String> {
    exceeds(left, of, ROSTER_LOSS_PERCENT).then(|| {
        let percent = percent(left, of);
        format!(
            "{left} of the {of} people on the roster are no longer in the space, {percent}% (limit \
             {ROSTER_LOSS_PERCENT}%)"
        )
    })
}

/// Why it is unsafe to cancel `cancels` of the `booked` meetings, if it is.
pub fn cancellations(booked: usize, cancels: usize) -> Option<String> {
    (cancels > FEW_CHANGES && exceeds(cancels, booked, CHANGE_PERCENT)).then(|| {
        let percent = percent(cancels, booked);
        format!("{cancels} of {booked} booked meetings would be cancelled, {percent}% (limit {CHANGE_PERCENT}%)")
    })
}

/// Why it is unsafe to move `moves` of the `booked` meetings, if it is.
pub fn moves(booked: usize, moves: usize) -> Option<String> {
    (moves > FEW_CHANGES && exceeds(moves, booked, CHANGE_PERCENT)).then(|| {
        let percent = percent(moves, booked);
        format!("{moves} of {booked} booked meetings would be moved, {percent}% (limit {CHANGE_PERCENT}%)")
    })
}

/// Why it is not to be believed that `gone` of the `booked` meetings were deleted at Webex, if it is not.
pub fn vanished(booked: usize, gone: usize) -> Option<String> {
    (gone > FEW_CHANGES && exceeds(gone, booked, CHANGE_PERCENT)).then(|| {
        let percent = percent(gone, booked);
        format!(
            "this account does not see {gone} of {booked} booked meetings at Webex, {percent}% (limit \
             {CHANGE_PERCENT}%): they may have been booked by another account"
        )
    })
}

/// The largest share of the roster that may be new at once before the organizer is asked whether to greet them, in per
/// cent.
const NEWCOMERS_PERCENT: usize = 30;

/// Up to this number, newcomers are greeted whatever their share is.
const FEW_NEWCOMERS: usize = 2;

/// Whether there are so many newcomers that this is probably another roster.
pub fn are_many_new(new: usize, of: usize) -> bool {
    new > FEW_NEWCOMERS && exceeds(new, of, NEWCOMERS_PERCENT)
}

/// Whether a part is more than `limit` per cent of the whole. The numbers may be as large as a state file can say.
fn exceeds(part: usize, whole: usize, limit: usize) -> bool {
    part as u128 * 100 > whole as u128 * limit as u128
}

fn percent(part: usize, whole: usize) -> u128 {
    part as u128 * 100 / whole.max(1) as u128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_that_loses_no_more_than_three_in_ten_is_safe() {
        for (before, now) in [(0, 0), (0, 10), (10, 10), (10, 7), (10, 100), (usize::MAX, usize::MAX)] {
            assert_eq!(roster_loss(before, now), None, "{before} to {now}");
        }
        let why = roster_loss(100, 69).unwrap();
        assert_eq!(why, "the roster has 69 employees, 31% fewer than the 100 at the last draw (limit 30%)");
        assert!(roster_loss(usize::MAX, 0).is_some());
    }

    #[test]
    fn a_few_cancellations_are_safe_and_so_are_three_in_ten() {
        for (booked, cancels) in [(0, 0), (1, 1), (2, 2), (10, 3), (100, 30)] {
            assert_eq!(cancellations(booked, cancels), None, "{cancels} of {booked}");
        }
        let why = cancellations(9, 3).unwrap();
        assert_eq!(why, "3 of 9 booked meetings would be cancelled, 33% (limit 30%)");
        assert!(cancellations(0, 3).is_some(), "more than are booked");
        assert_eq!((moves(2, 2), moves(10, 3)), (None, None));
        assert_eq!(moves(28, 28).unwrap(), "28 of 28 booked meetings would be moved, 100% (limit 30%)");
    }
}
