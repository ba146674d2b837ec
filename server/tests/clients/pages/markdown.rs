//! Finds the examples of a page: a fence of `sh`, and the fence of `json` or `text` that shows its output.

/// One block to paste.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Example {
    /// Where it begins, for messages; the first line is 1.
    pub(super) line: usize,
    pub(super) script: String,
    /// What the page says it prints, where it says so.
    pub(super) output: Option<String>,
}

/// Every example in the order of the page. Fences of other languages are not examples.
pub(super) fn examples(page: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut lines = page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else { continue };
        let block = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```");
        let text = block.collect::<Vec<_>>().join("\n");
        match (language, found.last_mut()) {
            ("sh", _) => found.push(Example { line: number, script: text, output: None }),
            ("json" | "text", Some(example)) if example.output.is_none() => example.output = Some(text),
            _ => {}
        }
    }
    found
}

#[test]
fn an_example_takes_the_output_that_follows_it() {
    let page = "# Page\n\n```sh\necho 1\necho 2\n```\nprints\n\n```text\n1\n2\n```\n\n```php\n<?php\n```\n```sh\ntrue\n```\n";
    assert_eq!(
        examples(page),
        [
            Example { line: 3, script: "echo 1\necho 2".into(), output: Some("1\n2".into()) },
            Example { line: 17, script: "true".into(), output: None },
        ]
    );
}
