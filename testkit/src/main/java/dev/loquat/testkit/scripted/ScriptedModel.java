package dev.loquat.testkit.scripted;

/**
 * A script over a vocabulary.
 *
 * @param vocabularySize the number of token ids
 * @param script which token follows
 */
record ScriptedModel(int vocabularySize, Script script) {

  /** The script's choice after a sequence. */
  int next(int[] tokens) {
    int next = script.next(tokens);
    if (next < 0 || next >= vocabularySize) {
      throw new IllegalStateException(
          "The script chose token " + next + "; the vocabulary has " + vocabularySize);
    }
    return next;
  }
}
