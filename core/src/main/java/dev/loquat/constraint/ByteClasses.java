package dev.loquat.constraint;

import java.util.BitSet;

/** Groups the 256 bytes into classes that no range of an automaton tells apart. */
final class ByteClasses {
  private final byte[] classes = new byte[256];
  private final int count;

  private ByteClasses(BitSet starts) {
    int current = 0;
    for (int b = 1; b < classes.length; b++) {
      current += starts.get(b) ? 1 : 0;
      classes[b] = (byte) current;
    }
    count = current + 1;
  }

  static ByteClasses of(Nfa nfa) {
    BitSet starts = new BitSet(257);
    for (int i = 0; i < nfa.size(); i++) {
      Nfa.Node node = nfa.node(i);
      if (node.low >= 0) {
        starts.set(node.low);
        starts.set(node.high + 1);
      }
    }
    return new ByteClasses(starts);
  }

  int of(int value) {
    return classes[value] & 0xFF;
  }

  int count() {
    return count;
  }
}
