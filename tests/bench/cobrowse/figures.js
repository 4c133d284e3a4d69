// Medians, spreads and tables.
import { deflateRawSync } from 'node:zlib';

/** As the recorder compresses, and with one context for all, which rrweb's own packer does not have. */
const DEFLATE_LEVEL = 4;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Gives the median with the smallest and largest value. */
export function spread(values, digits = 1) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

export function deflatedBytes(texts) {
  return deflateRawSync(texts.join('\n'), { level: DEFLATE_LEVEL }).length;
}

export function bytesOf(texts) {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

export function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/** How many times smaller `ours` is; a value that is lost in noise counts as 0.01. */
export function times(theirs, ours) {
  return `${(theirs / Math.max(ours, 0.01)).toFixed(1)} ×`;
}

/** A Markdown table with aligned columns. */
export function table(title, head, rows) {
  const widths = head.map((word, column) => Math.max(word.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [`## ${title}`, '', line(head), rule, ...rows.map(line), ''].join('\n');
}
