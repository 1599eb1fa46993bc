//! Any window of any shape, chunking and rank holds what plain indexing says.

use hdf4::{Hdf4File, Scratch};
use nutag_testkit::hdf4::{Hdf4Writer, Layout, Linking, Order, Packing, Sds};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Case {
    shape: Vec<usize>,
    layout: Layout,
    little: bool,
    windows: Vec<(Vec<usize>, Vec<usize>)>,
}

fn layout(shape: &[usize]) -> impl Strategy<Value = Layout> + use<> {
    let linking =
        (1_usize..40, 1_usize..40, 1_usize..5).prop_map(|(first, block, per_table)| Linking {
            first_block_bytes: first,
            block_bytes: block,
            blocks_per_table: per_table,
        });
    let packing = prop_oneof![
        Just(Packing::None),
        (1_u8..=9).prop_map(Packing::Deflate),
        Just(Packing::RunLength)
    ];
    let chunk: Vec<_> = shape.iter().map(|&n| 1..=n + 2).collect();
    let places: Vec<_> = shape.iter().map(|&n| 0..n).collect();
    prop_oneof![
        1 => Just(Layout::Contiguous),
        1 => Just(Layout::Empty),
        1 => linking.clone().prop_map(Layout::Linked),
        2 => (packing.clone(), proptest::option::of(linking))
            .prop_map(|(packing, linking)| Layout::Packed(packing, linking)),
        5 => (
            chunk,
            proptest::option::of(packing),
            proptest::collection::vec(places, 0..3),
            any::<bool>()
        )
            .prop_map(|(shape, packing, missing, linked_table)| Layout::Chunked {
                shape,
                packing,
                missing,
                linked_table
            }),
    ]
}

fn window(shape: &[usize]) -> impl Strategy<Value = (Vec<usize>, Vec<usize>)> + use<> {
    let dimensions: Vec<_> = shape
        .iter()
        .map(|&n| (0..=n).prop_flat_map(move |start| (Just(start), 0..=n - start)))
        .collect();
    dimensions.prop_map(|pairs| pairs.into_iter().unzip())
}

fn case() -> impl Strategy<Value = Case> {
    proptest::collection::vec(1_usize..9, 1..=4).prop_flat_map(|shape| {
        let windows = proptest::collection::vec(window(&shape), 1..6);
        (layout(&shape), any::<bool>(), windows, Just(shape)).prop_map(
            |(layout, little, windows, shape)| Case {
                shape,
                layout,
                little,
                windows,
            },
        )
    })
}

/// All cells of a window, row-major.
fn cells(start: &[usize], count: &[usize]) -> Vec<Vec<usize>> {
    let mut cells = vec![Vec::new()];
    for (&s, &c) in start.iter().zip(count) {
        cells = cells
            .into_iter()
            .flat_map(|cell| (s..s + c).map(move |i| [&cell[..], &[i]].concat()))
            .collect();
    }
    cells
}

fn is_missing(layout: &Layout, cell: &[usize]) -> bool {
    match layout {
        Layout::Empty => true,
        Layout::Chunked { shape, missing, .. } => {
            let place: Vec<usize> = cell.iter().zip(shape).map(|(i, n)| i / n).collect();
            missing.contains(&place)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn windows_equal_plain_indexing(case in case()) {
        let total: usize = case.shape.iter().product();
        let numbers: Vec<i16> = (0..total).map(|i| ((i * 7919 % 65521) as u16).cast_signed()).collect();
        let order = if case.little { Order::Little } else { Order::Big };
        let sds = Sds::new("v", &case.shape, numbers.clone()).order(order).layout(case.layout.clone());
        let bytes = Hdf4Writer::new().descriptors_per_block(7).sds(sds).to_bytes();
        let file = Hdf4File::from_bytes(bytes).unwrap();
        let ds = &file.datasets()[0];
        prop_assert_eq!(ds.shape(), &case.shape);
        let mut scratch = Scratch::new();
        for (start, count) in &case.windows {
            let cells = cells(start, count);
            let wanted: Vec<i16> = cells
                .iter()
                .map(|cell| {
                    let flat = cell.iter().zip(&case.shape).fold(0, |all, (i, n)| all * n + i);
                    if is_missing(&case.layout, cell) { 12345 } else { numbers[flat] }
                })
                .collect();
            let mut out = vec![0; wanted.len()];
            let report = file
                .read_window_with_fill_into(ds, start, count, 12345, &mut out, &mut scratch)
                .unwrap();
            prop_assert_eq!(&out, &wanted);
            let missing = cells.iter().filter(|c| is_missing(&case.layout, c)).count();
            prop_assert_eq!(report.missing_cells, missing as u64);
        }
        // What it costs adds up.
        let whole = file.stored_bytes(ds).unwrap();
        prop_assert!(whole <= file.length_bytes());
    }
}
