//! What the engine promises, case by case, and the test that shows it.
//!
//! Each group of tests in `src/engine/tests`, and the console's, keeps its cases beside it (`cases.tsv`: id, promise, tests, remark);
//! `ops/conformance/record` runs them and writes `results.tsv`.

use std::{collections::HashMap, fmt::Write};

use anyhow::Context;

const GROUPS: [&str; 6] = [
    include_str!("../../src/engine/tests/putting/cases.tsv"),
    include_str!("../../src/engine/tests/sharing/cases.tsv"),
    include_str!("../../src/engine/tests/flowing/cases.tsv"),
    include_str!("../../src/engine/tests/ticking/cases.tsv"),
    include_str!("../../src/engine/tests/keeping/cases.tsv"),
    include_str!("../../tests/stories/told/console/cases.tsv"),
];
/// The first line tells when and on what it was recorded.
const RESULTS: &str = include_str!("results.tsv");

struct Case {
    id: &'static str,
    promise: &'static str,
    tests: Vec<&'static str>,
    remark: &'static str,
}

/// The table, for a terminal.
pub fn table() -> anyhow::Result<String> {
    let (recorded, results) = RESULTS.split_once('\n').unwrap_or((RESULTS, ""));
    let results: HashMap<&str, &str> = results.lines().filter_map(|line| line.split_once('\t')).collect();
    let cases = cases()?;
    let (mut shown, mut passed, mut out) = (0, 0, String::new());
    for case in &cases {
        let result = result_of(case, &results);
        shown += usize::from(!case.tests.is_empty());
        passed += usize::from(result == "passed");
        writeln!(out, "{:<4} {:<8} {}", case.id, result, case.promise)?;
        case.tests.iter().try_for_each(|test| writeln!(out, "{:<13} {test}", ""))?;
        if !case.remark.is_empty() {
            writeln!(out, "{:<13} ({})", "", case.remark)?;
        }
    }
    writeln!(out, "\n{} cases: {shown} shown by tests, {passed} of them passed; {recorded}", cases.len())?;
    Ok(out)
}

fn cases() -> anyhow::Result<Vec<Case>> {
    GROUPS.iter().flat_map(|group| group.lines()).filter(|line| !line.is_empty()).map(Case::parse).collect()
}

fn result_of(case: &Case, results: &HashMap<&str, &str>) -> &'static str {
    if case.tests.is_empty() {
        return "-";
    }
    let all = |word| case.tests.iter().all(|test| results.get(test).is_some_and(|result| *result == word));
    if all("passed") {
        "passed"
    } else if case.tests.iter().any(|test| results.get(test) == Some(&"failed")) {
        "FAILED"
    } else {
        "not run"
    }
}

impl Case {
    fn parse(line: &'static str) -> anyhow::Result<Self> {
        let mut fields = line.split('\t');
        let mut next = |field: &str| fields.next().with_context(|| format!("a case without {field}: {line:?}"));
        let (id, promise, tests) = (next("id")?, next("promise")?, next("tests")?);
        let tests = tests.split(',').map(str::trim).filter(|test| !test.is_empty() && *test != "-").collect();
        Ok(Self { id, promise, tests, remark: fields.next().unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn sources(dir: &Path, text: &mut String) {
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                sources(&entry.path(), text);
            } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&fs::read_to_string(entry.path()).unwrap());
            }
        }
    }

    #[test]
    fn every_case_has_a_test_that_exists_or_a_reason() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut text = String::new();
        for dir in ["src", "tests", "jobs", "workflows", "ops"] {
            sources(&root.join(dir), &mut text);
        }
        for case in cases().unwrap() {
            assert!(!case.tests.is_empty() || !case.remark.is_empty(), "{} has neither test nor reason", case.id);
            for test in case.tests {
                assert!(text.contains(&format!("fn {test}(")), "{}: there is no test {test}", case.id);
            }
        }
    }

    #[test]
    fn the_cases_are_numbered_without_gaps() {
        let sections = [
            ("E", 12),
            ("U", 11),
            ("F", 10),
            ("X", 10),
            ("R", 9),
            ("C", 12),
            ("L", 11),
            ("M", 9),
            ("K", 11),
            ("D", 8),
            ("W", 14),
            ("S", 6),
            ("N", 5),
            ("Z", 9),
            ("B", 6),
            ("A", 12),
            ("P", 6),
            ("G", 6),
            ("H", 12),
            ("O", 4),
            ("T", 6),
        ];
        let ids: Vec<_> = cases().unwrap().iter().map(|case| case.id).collect();
        for (section, last) in sections {
            for number in 1..=last {
                assert!(ids.contains(&format!("{section}{number}").as_str()), "{section}{number} is missing");
            }
        }
    }
}
