use super::*;
use crate::figures::{CellIndex, Smallest, Sum, suppressed};
use proptest::prelude::*;

const OPEN: Smallest = Smallest { figure: 5, zero_tells: false };

fn names(many: usize) -> Vec<String> {
    (0..many).map(|at| at.to_string()).collect()
}

fn table(counts: &[Vec<u32>]) -> Table {
    let mut table = Table::new(&names(counts.len()), &names(counts[0].len()));
    for (row, cells) in counts.iter().enumerate() {
        for (column, count) in cells.iter().enumerate() {
            (0..*count).for_each(|_| table.count(&row.to_string(), &column.to_string()));
        }
    }
    table
}

/// All sums that a reader of the tables can use.
fn sums(tables: &[&Table], links: &[Sum]) -> Vec<Sum> {
    let mut sums = links.to_vec();
    for (at, table) in tables.iter().enumerate() {
        let (last_row, last_column) = (table.rows.len(), table.columns.len());
        for row in 0..=last_row {
            let parts = (0..last_column).map(|column| (at, row, column)).collect();
            sums.push(Sum { parts, whole: (at, row, last_column) });
        }
        for column in 0..=last_column {
            let parts = (0..last_row).map(|row| (at, row, column)).collect();
            sums.push(Sum { parts, whole: (at, last_row, column) });
        }
    }
    sums
}

/// Whether a hidden cell can be computed from the shown cells and the sums, by elimination in floating point.
fn can_be_computed(shown: &[Vec<Vec<Cell>>], sums: &[Sum]) -> bool {
    let hidden = |place: &CellIndex| shown[place.0][place.1][place.2] == Cell::Hidden;
    let mut unknown: Vec<CellIndex> = sums
        .iter()
        .flat_map(|sum| sum.parts.iter().chain([&sum.whole]))
        .filter(|place| hidden(place))
        .copied()
        .collect();
    unknown.sort_unstable();
    unknown.dedup();
    let of = |sum: &Sum, place: &CellIndex| {
        if sum.parts.contains(place) {
            1.0
        } else if sum.whole == *place {
            -1.0
        } else {
            0.0
        }
    };
    let mut lines: Vec<Vec<f64>> =
        sums.iter().map(|sum| unknown.iter().map(|place| of(sum, place)).collect()).collect();
    let mut rank = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (rank..lines.len()).find(|line| lines[*line][column].abs() > 1e-9) else { continue };
        lines.swap(rank, pivot);
        let scale = lines[rank][column];
        lines[rank].iter_mut().for_each(|value| *value /= scale);
        let from = lines[rank].clone();
        for (_, line) in lines.iter_mut().enumerate().filter(|(other, _)| *other != rank) {
            let factor = line[column];
            line.iter_mut().zip(&from).for_each(|(value, pivot)| *value -= factor * pivot);
        }
        rank += 1;
    }
    lines.iter().any(|line| line.iter().filter(|value| value.abs() > 1e-9).count() == 1)
}

fn hides_what_it_must(tables: &[&Table], links: &[Sum], smallest: Smallest) -> Result<(), TestCaseError> {
    let shown = suppressed(tables, links, smallest);
    let small = |count: u32| count < smallest.figure && (count > 0 || smallest.zero_tells);
    for (table, shown) in tables.iter().zip(&shown) {
        prop_assert_eq!(shown.len(), table.rows.len() + 1);
        for (row, cells) in shown.iter().enumerate() {
            prop_assert_eq!(cells.len(), table.columns.len() + 1);
            for (column, cell) in cells.iter().enumerate() {
                if let Cell::Count(count) = cell {
                    prop_assert_eq!(*count, table.at(row, column));
                    prop_assert!(!small(*count));
                }
            }
        }
    }
    let sums = sums(tables, links);
    prop_assert!(!can_be_computed(&shown, &sums), "{:?}", shown);
    // The hidden parts of a shown sum do not add up to a small number either.
    for sum in &sums {
        let hidden = |place: &&CellIndex| shown[place.0][place.1][place.2] == Cell::Hidden;
        let parts: Vec<&CellIndex> = sum.parts.iter().filter(hidden).collect();
        let together: u32 = parts.iter().map(|place| tables[place.0].at(place.1, place.2)).sum();
        prop_assert!(parts.is_empty() || hidden(&&sum.whole) || !small(together), "{:?}", sum);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_small_figure_is_shown_or_can_be_computed(
        counts in (1_usize..7, 1_usize..7).prop_flat_map(|(rows, columns)| {
            let cell = prop_oneof![3 => Just(0_u32), 3 => 1_u32..5, 2 => 5_u32..30];
            proptest::collection::vec(proptest::collection::vec(cell, columns), rows)
        }),
        figure in 2_u32..7,
        zero_tells: bool,
    ) {
        hides_what_it_must(&[&table(&counts)], &[], Smallest { figure, zero_tells })?;
    }

    /// Reports by town and category, by town and outcome, by origin and
    /// outcome: a cell hidden in one table must not follow from another.
    #[test]
    fn nor_from_several_tables_together(
        reports in proptest::collection::vec((0_usize..4, 0_usize..3, 0_usize..3, 0_usize..4), 0..160),
        figure in 2_u32..7,
    ) {
        let mut tables = [(4, 3), (4, 3), (4, 3)].map(|(rows, columns)| Table::new(&names(rows), &names(columns)));
        for (town, category, fate, origin) in reports {
            for (table, (row, column)) in tables.iter_mut().zip([(town, category), (town, fate), (origin, fate)]) {
                table.count(&row.to_string(), &column.to_string());
            }
        }
        let mut links: Vec<Sum> =
            (0..=4).map(|town| Sum { parts: vec![(0, town, 3)], whole: (1, town, 3) }).collect();
        links.extend((0..=3).map(|fate| Sum { parts: vec![(1, 4, fate)], whole: (2, 4, fate) }));
        let [by_town, by_fate, by_origin] = &tables;
        hides_what_it_must(&[by_town, by_fate, by_origin], &links, Smallest { figure, zero_tells: false })?;
    }
}

#[test]
fn one_small_cell_takes_others_with_it_and_not_all() {
    let alone = |counts: &[Vec<u32>], smallest| suppressed(&[&table(counts)], &[], smallest).remove(0);
    let shown = alone(&[vec![2, 20, 30], vec![10, 40, 50], vec![60, 70, 80]], OPEN);
    let hidden = shown.iter().flatten().filter(|cell| **cell == Cell::Hidden).count();
    assert_eq!((shown[0][0], hidden), (Cell::Hidden, 4), "a square of four");
    assert_eq!(shown[3][3], Cell::Count(362));
    let sound = alone(&[vec![5, 0], vec![7, 9]], OPEN);
    assert_eq!(sound[0], [Cell::Count(5), Cell::Count(0), Cell::Count(5)], "nothing is hidden without need");
    let told = alone(&[vec![5, 0], vec![7, 9]], Smallest { zero_tells: true, ..OPEN });
    assert_eq!(told[0][1], Cell::Hidden, "that there is none tells something too");
}

#[test]
fn a_shared_sum_does_not_give_away_what_one_table_hides() {
    // One town has two reports. Suppressed by itself, the second table
    // would show the other town's sum, and thereby the first town's.
    let (one, other) = (table(&[vec![2, 0], vec![20, 30]]), table(&[vec![2], vec![50]]));
    let links = [0, 1, 2].map(|town| Sum { parts: vec![(0, town, 2)], whole: (1, town, 1) });
    let shown = suppressed(&[&one, &other], &links, OPEN);
    assert!(!can_be_computed(&shown, &sums(&[&one, &other], &links)));
    assert_eq!((shown[0][0][2], shown[1][0][1]), (Cell::Hidden, Cell::Hidden));
}

#[test]
fn a_table_without_rows_ends() {
    let empty = Table::new(&[], &names(2));
    let shown = suppressed(&[&empty], &[], Smallest { zero_tells: true, ..OPEN });
    assert_eq!(shown, [[[Cell::Hidden; 3]]]);
}

#[test]
fn quarters_are_named_across_years() {
    let day = "2026-02-11".parse().expect("a day");
    assert_eq!(quarter_of(day), "2026-Q1");
    assert_eq!(quarters(day, 3), ["2025-Q3", "2025-Q4", "2026-Q1"]);
}
