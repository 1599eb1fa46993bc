//! Where things stand: rectangles, anchors, and labels that make room for each other.

/// A rectangle; `y` grows downward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// Which part of a text stands at the given place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// The left edge of something of a width.
    pub(crate) fn left(self, x: f64, width: f64) -> f64 {
        match self {
            Self::Start => x,
            Self::Middle => x - width / 2.0,
            Self::End => x - width,
        }
    }
}

/// Places blocks along a line so that none overlaps another, each as near to its wish as the others
/// allow (least squares).
///
/// `wishes` are the wished centres and `sizes` the lengths, gaps included. All stay within
/// `low..high` when they fit there; otherwise they start at `low`. Returns the centres in the order
/// given; blocks keep the order of their wishes.
pub(crate) fn make_room(wishes: &[f64], sizes: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&a, &b| wishes[a].total_cmp(&wishes[b]).then(a.cmp(&b)));

    // Pool adjacent violators: neighbours that would overlap become one group around the mean of
    // what its members wish for the group's start.
    struct Group {
        start: f64,
        length: f64,
        members: usize,
    }
    let total: f64 = sizes.iter().sum();
    let clamp = |start: f64, length: f64| start.min(high - length).max(low);
    let mut groups: Vec<Group> = Vec::new();
    for &i in &order {
        let mut group = Group {
            start: clamp(wishes[i] - sizes[i] / 2.0, sizes[i]),
            length: sizes[i],
            members: 1,
        };
        while let Some(previous) = groups.pop() {
            if previous.start + previous.length <= group.start {
                groups.push(previous);
                break;
            }
            let members = previous.members + group.members;
            let start = (previous.start * previous.members as f64
                + (group.start - previous.length) * group.members as f64)
                / members as f64;
            let length = previous.length + group.length;
            group = Group {
                start: clamp(start, length),
                length,
                members,
            };
        }
        groups.push(group);
    }
    let mut centres = vec![0.0; wishes.len()];
    let mut next = order.iter();
    for group in groups {
        let mut at = if total > high - low {
            group.start.max(low)
        } else {
            group.start
        };
        for &i in next.by_ref().take(group.members) {
            centres[i] = at + sizes[i] / 2.0;
            at += sizes[i];
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_with_room_stay_where_they_wish() {
        assert_eq!(
            make_room(&[50.0, 10.0, 90.0], &[10.0; 3], 0.0, 100.0),
            [50.0, 10.0, 90.0]
        );
    }

    #[test]
    fn blocks_without_room_share_the_way() {
        assert_eq!(
            make_room(&[50.0, 50.0], &[10.0; 2], 0.0, 100.0),
            [45.0, 55.0]
        );
        assert_eq!(
            make_room(&[99.0, 98.0], &[10.0; 2], 0.0, 100.0),
            [95.0, 85.0]
        );
        assert_eq!(make_room(&[], &[], 0.0, 1.0), [0.0; 0]);
    }

    proptest! {
        #[test]
        fn blocks_never_overlap(
            blocks in proptest::collection::vec((-50.0..150.0_f64, 1.0..30.0_f64), 1..12),
        ) {
            let (wishes, sizes): (Vec<f64>, Vec<f64>) = blocks.into_iter().unzip();
            let centres = make_room(&wishes, &sizes, 0.0, 100.0);
            let mut spans: Vec<(f64, f64)> = centres
                .iter()
                .zip(&sizes)
                .map(|(c, s)| (c - s / 2.0, c + s / 2.0))
                .collect();
            spans.sort_by(|a, b| a.0.total_cmp(&b.0));
            for pair in spans.windows(2) {
                prop_assert!(pair[0].1 <= pair[1].0 + 1e-9, "{spans:?}");
            }
            prop_assert!(spans[0].0 >= -1e-9);
            if sizes.iter().sum::<f64>() <= 100.0 {
                prop_assert!(spans[spans.len() - 1].1 <= 100.0 + 1e-9);
            }
        }
    }
}
