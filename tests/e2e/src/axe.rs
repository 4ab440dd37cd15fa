//! What shuts people out, as axe-core sees it.

use crate::Outcome;
use crate::device::Device;
use serde_json::{Value, json};
use std::path::Path;

const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'], runOnly: arguments[0] }).then(
  (result) => done({ passes: result.passes.length, violations: result.violations.map((rule) => ({
    id: rule.id, help: rule.help, nodes: rule.nodes.map((node) => `${node.target.join(' ')}  ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ''}`),
  })) }),
  (error) => done({ error: String(error) }),
);";

/// WCAG 2.2 AA, and what axe counts as best practice.
const RULES: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// What axe found on the screen that is shown now: one line for each element at fault.
pub async fn violations(device: &Device, script: &Path) -> Outcome<Vec<String>> {
    if device.script("return typeof axe", vec![]).await? == "undefined" {
        // By the browser's protocol: the page's own policy lets no foreign script in.
        let source = std::fs::read_to_string(script)?;
        device.cdp("Runtime.evaluate", json!({ "expression": source })).await?;
    }
    let result = device.script_async(RUN, vec![json!(RULES)]).await?;
    if let Some(error) = result["error"].as_str() {
        return Err(format!("axe: {error}").into());
    }
    Ok(result["violations"].as_array().into_iter().flatten().flat_map(lines).collect())
}

fn lines(rule: &Value) -> Vec<String> {
    let nodes = rule["nodes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    nodes.map(|node| format!("{} at {node}", rule["id"].as_str().unwrap_or_default())).collect()
}
