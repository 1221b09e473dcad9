package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The formats of strings that can be guaranteed, as regular expressions. */
final class Formats {
  private static final String LEAP_YEAR =
      "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
          + "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|"
          + LEAP_YEAR
          + "-02-29)";
  private static final String TIME =
      "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?"
          + "(?:Z|[+-](?:0[0-9]|1[0-7]):[0-5][0-9])";
  private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  private static final String LABEL = "[A-Za-z0-9](?:-?[A-Za-z0-9]){0,30}";
  private static final String HOST = "(?:" + LABEL + "\\.){0,3}[A-Za-z](?:-?[A-Za-z0-9]){0,30}";
  private static final String ATOM = "[A-Za-z0-9_+-]{1,20}";
  private static final String EMAIL =
      ATOM + "(?:\\." + ATOM + "){0,2}@(?:" + LABEL + "\\.){1,3}[A-Za-z]{2,10}";
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final String IPV4 = "(?:" + OCTET + "\\.){3}" + OCTET;

  /** Part of a path; it may also be all of a reference. */
  private static final String SEGMENT = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";

  private static final String QUERY = "(?:" + SEGMENT + "|[/?])*";
  private static final String URI =
      "[A-Za-z][A-Za-z0-9+.-]{0,20}:(?://"
          + HOST
          + "(?::[0-9]{1,4})?|"
          + SEGMENT
          + "+)(?:/"
          + SEGMENT
          + "*)*(?:\\?"
          + QUERY
          + ")?(?:#"
          + QUERY
          + ")?";
  private static final String BASE64 =
      "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?";

  private static final Map<String, String> PATTERNS =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + "T" + TIME),
          Map.entry("uuid", UUID),
          Map.entry("hostname", HOST),
          Map.entry("email", EMAIL),
          Map.entry("ipv4", IPV4),
          Map.entry("ipv6", ipv6()),
          Map.entry("uri", URI),
          Map.entry("byte", BASE64));

  /** OpenAPI's names of any string. */
  private static final Set<String> ANY = Set.of("binary", "password");

  private Formats() {}

  /** RFC 4291: eight groups, or fewer around two colons. */
  private static String ipv6() {
    String group = "[0-9a-f]{1,4}";
    List<String> options = new ArrayList<>();
    options.add("(?:" + group + ":){7}" + group);
    options.add("(?:" + group + ":){1,7}:");
    for (int after = 1; after < 7; after++) {
      options.add("(?:" + group + ":){1," + (7 - after) + "}(?::" + group + "){1," + after + "}");
    }
    options.add(":(?:(?::" + group + "){1,7}|:)");
    return String.join("|", options);
  }

  static Optional<String> pattern(String format) {
    return Optional.ofNullable(PATTERNS.get(format));
  }

  /** Whether any string is of a format. */
  static boolean isAny(String format) {
    return ANY.contains(format);
  }

  static boolean isKnown(String format) {
    return PATTERNS.containsKey(format) || isAny(format);
  }

  static String names() {
    return String.join(", ", new TreeSet<>(PATTERNS.keySet()));
  }
}
