//! Names that a mistyped one may have meant.

/// Names of at most this many edits away are suggested.
const MOST_EDITS: usize = 2;
/// Longer names are not compared.
const LONGEST: usize = 64;

/// Up to three names that are near the wanted one, the nearest first.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().take(LONGEST + 1).collect();
    if wanted.len() > LONGEST {
        return Vec::new();
    }
    let mut near: Vec<(usize, &str)> = names
        .filter(|name| name.len().abs_diff(wanted.len()) <= LONGEST)
        .filter_map(|name| {
            let candidate: Vec<char> = name.to_lowercase().chars().collect();
            let is_close = candidate.len().abs_diff(wanted.len()) <= MOST_EDITS;
            let edits = is_close.then(|| distance(&wanted, &candidate))?;
            (edits <= MOST_EDITS && edits < wanted.len()).then_some((edits, name))
        })
        .collect();
    near.sort();
    near.truncate(3);
    near.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// Levenshtein distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_misses() {
        let names = ["dev", "prod", "production", "Développement"];
        let cases: [(&str, &[&str]); 7] = [
            ("dve", &["dev"]),
            ("DEV", &["dev"]),
            ("produciton", &["production"]),
            ("prd", &["prod"]),
            ("developpement", &["Développement"]),
            ("x", &[]),
            ("staging", &[]),
        ];
        for (wanted, expect) in cases {
            assert_eq!(nearest(wanted, names.into_iter()), expect, "{wanted}");
        }
    }
}
