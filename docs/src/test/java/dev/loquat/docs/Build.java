package dev.loquat.docs;

import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What the build's own files say of modules, artifacts, versions and properties. */
final class Build {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> versions = new HashMap<>();
  private final List<String> modules;

  private Build(Element root, List<Element> children) {
    properties.put("project.version", text(root, "version"));
    modules = elements(root, "module").map(Node::getTextContent).toList();
    List<Element> poms = Stream.concat(Stream.of(root), children.stream()).toList();
    poms.stream()
        .flatMap(pom -> elements(pom, "properties"))
        .flatMap(Build::children)
        .forEach(this::addProperty);
    poms.stream().flatMap(pom -> elements(pom, "dependency")).forEach(this::addVersion);
  }

  static Build read() {
    Element root = parse(Repository.text(Repository.ROOT.resolve("pom.xml")));
    List<Element> children =
        elements(root, "module")
            .map(module -> Repository.ROOT.resolve(module.getTextContent()).resolve("pom.xml"))
            .map(pom -> parse(Repository.text(pom)))
            .toList();
    return new Build(root, children);
  }

  /** The folders of the modules. */
  List<String> modules() {
    return modules;
  }

  boolean hasProperty(String name) {
    return properties.containsKey(name);
  }

  /** The versions of what the build uses, by {@code group:artifact}. */
  Map<String, String> versions() {
    return versions;
  }

  /** The dependencies in a piece of a POM, as {@code group:artifact:version}. */
  static List<String> dependencies(String xml) {
    return elements(parse("<dependencies>" + xml + "</dependencies>"), "dependency")
        .map(it -> text(it, "groupId") + ":" + text(it, "artifactId") + ":" + text(it, "version"))
        .toList();
  }

  private void addProperty(Element property) {
    properties.put(property.getTagName(), property.getTextContent());
  }

  private void addVersion(Element dependency) {
    String version = text(dependency, "version");
    if (!version.isEmpty()) {
      versions.put(
          text(dependency, "groupId") + ":" + text(dependency, "artifactId"), resolve(version));
    }
  }

  private String resolve(String value) {
    return REFERENCE
        .matcher(value)
        .replaceAll(reference -> properties.getOrDefault(reference.group(1), reference.group()));
  }

  private static String text(Element parent, String name) {
    return children(parent)
        .filter(child -> child.getTagName().equals(name))
        .map(Node::getTextContent)
        .findFirst()
        .orElse("");
  }

  private static Stream<Element> elements(Element root, String name) {
    return elements(root.getElementsByTagName(name));
  }

  private static Stream<Element> children(Element parent) {
    return elements(parent.getChildNodes());
  }

  private static Stream<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast);
  }

  private static Element parse(String xml) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml)))
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalArgumentException("This is no XML:\n" + xml, e);
    }
  }
}
