// Counts what was checked, says each failure at once, and closes with `NAME: N passed, N failed`.

export class Report {
  passed = 0;
  failed = 0;

  constructor(name) {
    this.name = name;
  }

  /** One thing checked. `claim` is a sentence that is true when `holds` is; `detail` says what was seen instead. */
  check(holds, claim, detail = '') {
    if (holds) {
      this.passed += 1;
      return true;
    }
    this.failed += 1;
    const seen = typeof detail === 'string' ? detail : JSON.stringify(detail);
    console.log(`  FAILED  ${claim}${seen ? `\n          ${seen}` : ''}`);
    return false;
  }

  /** The same for two values that must be equal as JSON. */
  equal(actual, expected, claim) {
    const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
    return this.check(a === e, claim, `expected ${brief(e)}\n          seen     ${brief(a)}`);
  }

  say(line) {
    console.log(line);
  }

  /** Prints the closing line and sets the exit code. A run that checked nothing has failed. */
  close() {
    if (this.passed + this.failed === 0) this.check(false, 'something was checked');
    console.log(`${this.name}: ${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 ? 0 : 1;
  }
}

const brief = (text) => (text && text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text);
