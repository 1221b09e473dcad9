package dev.loquat.internal.replica;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which replica a call goes to: the one with the fewest slots taken, among equals the one that was
 * given the least so far; but the one that was given the longest beginning of the prompt as long as
 * it has at most half of its slots more taken than that.
 */
final class Router {
  /** A shorter beginning is computed as fast as it is looked for. */
  static final int MIN_KNOWN_BLOCKS = 2;

  private Router() {}

  /** Chooses; empty if the call has to wait. */
  static Optional<Member> choose(Call call, List<Member> members) {
    List<Member> there = members.stream().filter(member -> !member.isLost()).toList();
    Optional<Member> least =
        there.stream()
            .filter(member -> member.hasRoom(call, 0))
            .min(
                Comparator.comparingInt(Member::busySlots)
                    .thenComparingInt(Member::rememberedBlocks));
    return least.map(free -> preferred(call, there, free).orElse(free));
  }

  private static Optional<Member> preferred(Call call, List<Member> there, Member free) {
    return there.stream()
        .filter(member -> member.knownBlocks(call) >= MIN_KNOWN_BLOCKS)
        .max(Comparator.comparingInt(member -> member.knownBlocks(call)))
        .filter(member -> member.busySlots() - free.busySlots() <= bound(member))
        .filter(member -> member.hasRoom(call, bound(member)));
  }

  private static int bound(Member member) {
    return Math.max(1, member.slots() / 2);
  }
}
