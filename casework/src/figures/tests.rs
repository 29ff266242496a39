use super::*;
use proptest::prelude::*;

fn table(counts: &[Vec<u32>]) -> Table {
    let names = |many: usize| (0..many).map(|at| at.to_string()).collect::<Vec<_>>();
    let mut table = Table::new(&names(counts.len()), &names(counts[0].len()));
    for (row, cells) in counts.iter().enumerate() {
        for (column, count) in cells.iter().enumerate() {
            (0..*count).for_each(|_| table.count(&row.to_string(), &column.to_string()));
        }
    }
    table
}

/// Whether a hidden cell can be computed from what is shown and from the sums: by elimination over
/// fractions, without a word of graphs.
fn can_be_computed(shown: &[Vec<Cell>]) -> bool {
    let unknown: Vec<(usize, usize)> = shown
        .iter()
        .enumerate()
        .flat_map(|(row, cells)| {
            cells.iter().enumerate().filter(|(_, cell)| **cell == Cell::Hidden).map(move |(column, _)| (row, column))
        })
        .collect();
    let (last_row, last_column) = (shown.len() - 1, shown[0].len() - 1);
    let line = |on_line: &dyn Fn(&(usize, usize)) -> bool, margin: &dyn Fn(&(usize, usize)) -> bool| -> Vec<f64> {
        unknown
            .iter()
            .map(|at| {
                if !on_line(at) {
                    0.0
                } else if margin(at) {
                    -1.0
                } else {
                    1.0
                }
            })
            .collect()
    };
    let mut lines: Vec<Vec<f64>> =
        (0..=last_row).map(|row| line(&|at| at.0 == row, &|at| at.1 == last_column)).collect();
    lines.extend((0..=last_column).map(|column| line(&|at| at.1 == column, &|at| at.0 == last_row)));
    let mut rank = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (rank..lines.len()).find(|line| lines[*line][column].abs() > 1e-9) else { continue };
        lines.swap(rank, pivot);
        let scale = lines[rank][column];
        lines[rank].iter_mut().for_each(|value| *value /= scale);
        for other in (0..lines.len()).filter(|other| *other != rank) {
            let factor = lines[other][column];
            let from = lines[rank].clone();
            lines[other].iter_mut().zip(from).for_each(|(value, pivot)| *value -= factor * pivot);
        }
        rank += 1;
    }
    lines.iter().any(|line| line.iter().filter(|value| value.abs() > 1e-9).count() == 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_small_figure_is_shown_or_can_be_computed(
        counts in (1_usize..7, 1_usize..7).prop_flat_map(|(rows, columns)| {
            let cell = prop_oneof![3 => Just(0_u32), 3 => 1_u32..5, 2 => 5_u32..30];
            proptest::collection::vec(proptest::collection::vec(cell, columns), rows)
        }),
        smallest in 2_u32..7,
    ) {
        let table = table(&counts);
        let shown = table.suppressed(smallest);
        for (row, cells) in shown.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                match cell {
                    Cell::Count(count) => {
                        prop_assert_eq!(*count, table.at(row, column));
                        prop_assert!(*count == 0 || *count >= smallest);
                    }
                    Cell::Hidden => {}
                }
            }
        }
        let all_hidden = shown.iter().flatten().all(|cell| *cell == Cell::Hidden);
        prop_assert!(all_hidden || !can_be_computed(&shown), "{:?}", shown);
        // What one line hides together, where its sum is shown, is not small either.
        let (last_row, last_column) = (counts.len(), counts[0].len());
        for row in 0..last_row {
            if let Cell::Count(sum) = shown[row][last_column] {
                let seen: u32 = shown[row][..last_column].iter().map(|cell| if let Cell::Count(count) = cell { *count } else { 0 }).sum();
                prop_assert!(sum - seen == 0 || sum - seen >= smallest);
            }
        }
        for column in 0..last_column {
            if let Cell::Count(sum) = shown[last_row][column] {
                let seen: u32 = shown[..last_row].iter().map(|row| if let Cell::Count(count) = row[column] { count } else { 0 }).sum();
                prop_assert!(sum - seen == 0 || sum - seen >= smallest);
            }
        }
    }
}

#[test]
fn one_small_cell_takes_others_with_it_and_not_all() {
    let table = table(&[vec![2, 20, 30], vec![10, 40, 50], vec![60, 70, 80]]);
    let shown = table.suppressed(5);
    let hidden = shown.iter().flatten().filter(|cell| **cell == Cell::Hidden).count();
    assert_eq!((shown[0][0], hidden), (Cell::Hidden, 4), "a square of four");
    assert_eq!(shown[3][3], Cell::Count(362));
    assert_eq!(table.open()[0][0], Cell::Count(2));
    let sound = self::table(&[vec![5, 0], vec![7, 9]]);
    assert_eq!(sound.suppressed(5), sound.open(), "nothing is hidden without need");
}

#[test]
fn quarters_are_named_across_years() {
    let day = "2026-02-11".parse().expect("a day");
    assert_eq!(quarter_of(day), "2026-Q1");
    assert_eq!(quarters(day, 3), ["2025-Q3", "2025-Q4", "2026-Q1"]);
}
